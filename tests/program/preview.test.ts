import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { type RecordedProgram, runProgram } from "../../plan/run-program";
import { type Raw, rawStack } from "../support/raw-config";
import { flatten, flattenWhole, project } from "../support/run-environment";

const unknown = "[unknown]";

function preview(stack: string, config: ReturnType<typeof flatten>): Promise<RecordedProgram> {
  return runProgram({
    project,
    stack,
    directory: projectRoot,
    entry: join(projectRoot, "infra", "index.ts"),
    config,
    preview: true,
  });
}

/** The first preview of a stack, when nothing exists. Not proved: what the engine prints of it. */
describe("the outputs in the first preview", () => {
  it("tell what is known one by one, although other parts are not", async () => {
    const { outputs } = await preview("staging", flattenWhole(rawStack("staging")));

    assert.equal(outputs.contractVersion, "1");
    assert.equal(outputs.stack, "sagemaker-ops/staging");
    assert.match(String((outputs.buckets as Raw).models), /^storage-models-[0-9a-f]{7}$/);
    const { breeds } = outputs.endpoints as Record<string, Raw>;
    assert.equal(breeds?.endpointName, "sagemaker-ops-staging-breeds");
    assert.equal(breeds?.endpointArn, unknown);
    assert.equal(breeds?.functionAliasArn, unknown);
    assert.equal(typeof (outputs.cost as Raw).monthlyUsd, "number");
  }).timeout(60_000);

  for (const stack of ["dev", "staging", "prod"] as const) {
    it(`have the keys of the deployed outputs in ${stack}, before data and models`, async () => {
      const config = flatten(rawStack(stack));
      const first = await preview(stack, config);

      assert.deepEqual(
        Object.keys(first.outputs).sort(),
        [
          "accountId",
          "buckets",
          "contractVersion",
          "cost",
          "dashboardUrl",
          "endpoints",
          "jobs",
          ...(config[`${project}:notebook`] === undefined ? [] : ["notebook"]),
          "pending",
          "region",
          "stack",
          ...(config[`${project}:trainingBox`] === undefined ? [] : ["trainingBox"]),
        ].sort(),
      );
    }).timeout(60_000);
  }
});
