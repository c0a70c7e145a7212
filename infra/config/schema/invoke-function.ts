import { z } from "zod";
import { withChecks } from "./fields";
import { asynchronous, corsOrigins, images, release, serviceCallers, tracing } from "./function-options";
import { ordered } from "./scaling";

/** CloudWatch Logs, PutRetentionPolicy, up to a year. */
export const logRetentionDays = z
  .literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365])
  .default(30)
  .describe("Days that log events are kept.");

export const invokeFunction = withChecks(
  z.strictObject({
    kind: z.literal("invoke"),
    memoryMiB: z
      .int()
      .min(256)
      .max(10240)
      .default(512)
      .describe("Below 256 MiB Node is too slow: memory buys CPU."),
    timeoutSeconds: z
      .int()
      .min(3)
      .max(900)
      .default(65)
      .describe(
        "At least 61, so that the endpoint's own limit of 60 s answers first; less where callers give up sooner.",
      ),
    reservedConcurrency: z
      .int()
      .min(1)
      .max(100_000)
      .describe("Floor and ceiling of concurrent executions: keeps a flood away from the endpoint."),
    provisionedConcurrency: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({
          kind: z.literal("fixed"),
          count: z.int().min(1).max(10_000).describe("Environments, day and night."),
        }),
        withChecks(
          z.strictObject({
            kind: z.literal("autoscaled"),
            min: z.int().min(1).max(10_000).describe("Fewest environments."),
            max: z.int().min(1).max(10_000).describe("Most environments, at most reservedConcurrency."),
            targetUtilization: z
              .number()
              .min(0.1)
              .max(0.9)
              .default(0.7)
              .describe("Share of them in use to aim for."),
          }),
          [{ reads: ["min", "max"], find: ({ min, max }) => ordered({ min, max }) }],
        ),
      ])
      .prefault({ kind: "none" })
      .describe("Environments kept ready on the alias; billed all the time."),
    url: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.literal("iam") }),
      ])
      .prefault({ kind: "none" })
      .describe("`iam`: an HTTPS address for callers that sign their requests."),
    corsOrigins,
    images,
    asynchronous,
    release,
    serviceCallers,
    tracing,
    logRetentionDays,
  }),
  [
    {
      reads: ["reservedConcurrency", "provisionedConcurrency"],
      find: ({ reservedConcurrency, provisionedConcurrency: provisioned }) => {
        const key = provisioned.kind === "fixed" ? "count" : "max";
        const most =
          provisioned.kind === "none"
            ? 0
            : provisioned.kind === "fixed"
              ? provisioned.count
              : provisioned.max;
        return most <= reservedConcurrency
          ? []
          : [
              {
                path: ["provisionedConcurrency", key],
                message: `${most} is above reservedConcurrency ${reservedConcurrency}, which it counts towards`,
                allowed: `at most ${reservedConcurrency}`,
                fix: "Lower it, or raise reservedConcurrency.",
              },
            ];
      },
    },
    {
      // Lambda itself shifts the alias by weights while it allocates, and refuses to allocate on an alias with weights of our own.
      reads: ["release", "provisionedConcurrency"],
      find: ({ release, provisionedConcurrency }) =>
        release.kind === "canary" && provisionedConcurrency.kind !== "none"
          ? [
              {
                path: ["release", "kind"],
                message: '"canary" and provisionedConcurrency exclude each other on one alias',
                allowed: '"immediate", or provisionedConcurrency.kind "none"',
              },
            ]
          : [],
    },
  ],
);
