import type { Plan } from "../plan";
import type { PlanDocument } from "../plan-schema";

/** The documented object, with its keys in the documented order. */
export function planDocument(plan: Plan): PlanDocument {
  const { cost, permissions } = plan;
  return {
    stack: plan.stack,
    resources: plan.resources.map(({ urn, type, name, parent, inputs, dependencies, options, due }) => ({
      urn,
      type,
      name,
      parent: parent ?? null,
      inputs,
      dependencies,
      options: { ...options },
      due,
    })),
    policies: plan.policies.map(({ policy, level, severity, urn, message }) => ({
      policy,
      level,
      severity,
      urn,
      message,
    })),
    cost: {
      currency: cost.currency,
      region: cost.region,
      pricesAsOf: cost.pricesAsOf,
      lines: cost.lines.map(({ urn, component, hourly, monthly, worstMonthly, basis }) => ({
        urn,
        component,
        hourly,
        monthly,
        worstMonthly,
        basis,
      })),
      monthly: cost.monthly,
      worstMonthly: cost.worstMonthly,
      ceilings: { ...cost.ceilings },
    },
    permissions: [
      ...permissions.principals.map((entry) => ({ kind: "principal" as const, ...entry })),
      ...permissions.resourcePolicies.map((entry) => ({ kind: "resource" as const, ...entry })),
    ],
    outputs: plan.outputs,
  };
}

/** One JSON object and a newline. */
export function renderJson(plan: Plan): string {
  return `${JSON.stringify(planDocument(plan), undefined, 2)}\n`;
}
