import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import { Dashboard } from "../components/dashboard";
import { SpendGuard } from "../components/spend-guard";
import type { StackConfig } from "../config/schema/stack";
import { physicalName } from "../rules/naming";
import { stackTagKey, stackTags } from "../rules/tags";
import type { Serving } from "./serving";

export interface Operations {
  readonly dashboard: Dashboard;
}

export function buildOperations(
  config: StackConfig,
  context: StackContext,
  serving: Serving,
  opts: pulumi.ComponentResourceOptions,
): Operations {
  const { naming } = context;
  const dashboard = new Dashboard(
    "dashboard",
    {
      context,
      dashboardName: `${naming.project}-${naming.environment}`,
      endpoints: Object.entries(serving).map(([label, { config, fn }]) => {
        const endpointName = physicalName(naming, label);
        return {
          label,
          endpointName,
          kind: config.serving.kind,
          functionName: fn === undefined ? undefined : endpointName,
        };
      }),
    },
    opts,
  );
  if (config.budget.kind === "monthly") {
    new SpendGuard(
      "spend",
      {
        budget: config.budget,
        ceilingMonthlyUsd: config.ceilings.monthlyUsd,
        tag: { key: stackTagKey, value: stackTags(config, naming.project)[stackTagKey] ?? "" },
        budgetName: `${naming.project}-${naming.environment}`,
      },
      opts,
    );
  }
  return { dashboard };
}
