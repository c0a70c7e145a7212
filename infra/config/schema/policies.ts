import { z } from "zod";
import { distinct, reason, withChecks } from "./fields";

const exemption = z.strictObject({
  resource: z
    .string()
    .min(1)
    .max(500)
    .describe(
      "Name or URN of the resource; `*` stands for any text. `stack` is what concerns no single resource.",
    ),
  reason: reason.describe("Why, for those who read the report."),
  until: z
    .string()
    // A day without quotes reaches the program in the engine's words for a time; the command reads the file itself.
    .regex(/^\d{4}-\d{2}-\d{2}(?: 00:00:00 \+0000 UTC)?$/, { error: "must be a day such as 2026-12-31" })
    .refine((day) => isDay(day.slice(0, 10)), {
      error: "must be a day that the calendar has, such as 2026-12-31",
    })
    .describe("Last day, UTC. Afterwards the resource violates the rule again."),
});

const entry = withChecks(
  z.strictObject({
    enforcementLevel: z
      .enum(["advisory", "mandatory", "disabled"])
      .optional()
      .describe(
        "`mandatory` blocks, `advisory` only tells. Left out, the rule keeps its level, which in production is `mandatory` for more of them.",
      ),
    reason: reason
      .optional()
      .describe("Why the rule is off, or only tells where it would block. Required there."),
    exempt: distinct(z.array(exemption).max(50), "an exemption")
      .default([])
      .describe(
        "Resources that the rule lets pass for a while: `resource` (name or URN, `*` for any text), `reason` and `until`, the last day, as in 2026-12-31.",
      ),
    settings: z
      .record(z.string().min(1).max(60), z.json().meta({ title: "any value" }))
      .default({})
      .describe("The rule's own settings, as docs/policy-rules.md lists them."),
  }),
  [
    {
      reads: ["enforcementLevel", "reason"],
      find: ({ enforcementLevel, reason: given }) =>
        enforcementLevel === "disabled" && given === undefined
          ? [
              {
                path: ["reason"],
                message: "is missing: a rule is off, and nobody is told why",
                allowed: "10 to 300 characters",
                fix: "Write a reason, or exempt single resources instead.",
              },
            ]
          : [],
    },
  ],
);

export const policies = z
  .record(
    z
      .string()
      .regex(/^[a-z]+[0-9]*(?:-[a-z0-9]+)+$/, {
        error: "must be the id of a rule such as storage-versioned, from docs/policy-rules.md",
      })
      .max(60),
    entry,
  )
  .describe(
    "What this environment changes about the rules of the policy pack, by the rule's id. The ceilings reach the pack by themselves.",
  );

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
