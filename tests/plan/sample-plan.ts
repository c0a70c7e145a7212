import { join } from "node:path";
import { assemblePlan, type CostReport, type Plan } from "../../plan/plan";
import { type PackReport, runPack } from "../../plan/run-pack";
import { runFixture } from "./fixture-programs";

/** A pack without policies. */
export const nothingChecked: PackReport = {
  pack: { name: "empty", version: "1.0.0", policies: [] },
  verdicts: [],
};

export const sampleCost: CostReport = {
  currency: "USD",
  region: "eu-west-1",
  pricesAsOf: "2026-10-01",
  lines: [
    {
      urn: "urn:pulumi:dev::access::aws:sagemaker/notebookInstance:NotebookInstance::notebook",
      component: "notebook",
      hourly: 0.05,
      idleMonthly: 0,
      monthly: 8,
      worstMonthly: 36.5,
      basis: "ml.t3.medium, 160 hours a month",
    },
    {
      urn: "urn:pulumi:dev::access::aws:sagemaker/endpoint:Endpoint::single",
      component: "endpoint single, with a name that goes on for longer than any column can be wide",
      hourly: 0.1155,
      idleMonthly: 83.95,
      monthly: 83.95,
      worstMonthly: 1335.8,
      basis: "1 × ml.m5.large at 0.1155 an hour, up to 4 instances by autoscaling, round the clock",
    },
  ],
  idleMonthly: 83.95,
  monthly: 91.95,
  worstMonthly: 1372.3,
  unpriced: [
    {
      urn: "urn:pulumi:dev::access::aws:ec2/instance:Instance::box",
      reason: "no price for p9.large in eu-west-1",
    },
  ],
  ceilings: { monthlyUsd: 1400, "hourlyUsd.hosting": 0.12 },
};

/** A plan of the fixture program `access` under the fixture pack `resource`, with every section filled. */
export async function samplePlan(cost: CostReport = sampleCost): Promise<Plan> {
  const program = await runFixture("access");
  const directory = join(__dirname, "..", "fixtures", "packs", "resource");
  const checked = await runPack({ directory }, program, { project: "access", stack: "dev" });
  const topic = program.resources.find((resource) => resource.type === "aws:sns/topic:Topic");
  return assemblePlan({
    project: "access",
    stack: "dev",
    program: { ...program, messages: [{ severity: "warning", message: "the box keeps running" }] },
    checked,
    cost,
    notDueUrns: new Set(topic === undefined ? [] : [topic.urn]),
    notDue: [
      {
        what: "endpoint single",
        reason: "no model is promoted",
        next: "npx sagemaker-ops promote --stack dev",
      },
    ],
  });
}
