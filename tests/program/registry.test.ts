import assert from "node:assert/strict";
import { planStack } from "../../cli/core/plan-stack";
import { type Contract, parseContract } from "../../infra/outputs";
import { changed, rawMinimal, rawStack } from "../support/raw-config";
import { withStackFile } from "../support/stack-file";

/** Values that a plan simulates; a deployment gives others of the same form. */
describe("a stack whose models have a registry", () => {
  const groupType = "aws:sagemaker/modelPackageGroup:ModelPackageGroup";
  const planned = (raw: Parameters<typeof changed>[0], dueOnly: boolean) =>
    withStackFile(raw, (configFile) => planStack({ stack: "test", configFile, dueOnly }));
  const contractOf = ({ outputs }: { readonly outputs: unknown }): Contract =>
    parseContract(JSON.parse(JSON.stringify(outputs)));

  it("plans one group for each that wants one, before anything is promoted, names it in the outputs, and pleases the pack", async () => {
    const raw = changed(rawStack("prod"), "models", {
      breeds: { classes: 133, registry: { kind: "group" } },
      cats: { classes: 2, registry: { kind: "group", approval: "automatic" } },
      dogs: { classes: 2 },
    });

    const plan = await planned(raw, true);

    const groups = plan.resources.filter(({ type }) => type === groupType);
    assert.deepEqual(
      groups.map(({ name, inputs }) => [name, inputs.modelPackageGroupName]),
      [
        ["breeds-packages", "sagemaker-ops-prod-breeds"],
        ["cats-packages", "sagemaker-ops-prod-cats"],
      ],
    );
    assert.deepEqual(contractOf(plan).models, {
      breeds: { modelPackageGroupName: "sagemaker-ops-prod-breeds" },
      cats: { modelPackageGroupName: "sagemaker-ops-prod-cats" },
    });
    assert.deepEqual(
      plan.policies.filter(({ level }) => level === "mandatory"),
      [],
    );
  }).timeout(60_000);

  it("says nothing of models in the outputs where none has one", async () => {
    const plan = await planned({ ...rawMinimal(), models: { breeds: { classes: 133 } } }, true);

    assert.equal(contractOf(plan).models, undefined);
    assert.ok(!plan.resources.some(({ type }) => type === groupType));
  }).timeout(60_000);
});
