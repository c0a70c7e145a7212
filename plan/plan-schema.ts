import { z } from "zod";

const usd = z.number().describe("US dollars");
const urn = z.string().describe("Pulumi URN");
const jsonObject = z.record(z.string(), z.json());

const grantFields = {
  effect: z.enum(["Allow", "Deny"]),
  actions: z.array(z.string()),
  notActions: z.array(z.string()).optional(),
  resources: z.array(z.string()),
  notResources: z.array(z.string()).optional(),
  conditions: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
  source: urn,
};

/**
 * The machine form of a plan, `plan --json`. Stable: fields are added in a new version, never renamed.
 */
export const planDocumentSchema = z
  .strictObject({
    stack: z.string(),
    resources: z.array(
      z.strictObject({
        urn,
        type: z.string(),
        name: z.string(),
        parent: urn.nullable(),
        inputs: jsonObject.describe("Secrets are [secret], unknown values [unknown], assets digest and size"),
        dependencies: z.array(urn),
        options: jsonObject,
        due: z.boolean().describe("False for what waits for data or for a promoted model"),
      }),
    ),
    policies: z.array(
      z.strictObject({
        policy: z.string(),
        level: z.enum(["mandatory", "remediate", "advisory", "disabled"]),
        severity: z.enum(["unspecified", "low", "medium", "high", "critical"]),
        urn: z.string(),
        message: z.string(),
      }),
    ),
    cost: z.strictObject({
      currency: z.string(),
      region: z.string(),
      pricesAsOf: z.string().nullable().describe("Date of the price table; null without one"),
      lines: z.array(
        z.strictObject({
          urn,
          component: z.string(),
          hourly: usd,
          monthly: usd,
          worstMonthly: usd,
          basis: z.string(),
        }),
      ),
      monthly: usd,
      worstMonthly: usd,
      ceilings: z.record(z.string(), z.number()),
    }),
    permissions: z.array(
      z.discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("principal"),
          principal: z.strictObject({ urn, name: z.string() }),
          trusts: z.array(z.string()),
          grants: z.array(z.strictObject(grantFields)),
          managedPolicies: z.array(z.string()),
          notes: z.array(z.string()),
        }),
        z.strictObject({
          kind: z.literal("resource"),
          resource: z.strictObject({ urn, name: z.string() }),
          statements: z.array(z.strictObject({ principals: z.array(z.string()), ...grantFields })),
          notes: z.array(z.string()),
        }),
      ]),
    ),
    outputs: jsonObject,
  })
  .describe("An offline plan of one stack");

export type PlanDocument = z.infer<typeof planDocumentSchema>;

/** JSON Schema (draft 2020-12) of the machine form; docs/schemas/plan.schema.json is made from it. */
export function planJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(planDocumentSchema) as Record<string, unknown>;
}
