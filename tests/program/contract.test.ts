import assert from "node:assert/strict";
import { z } from "zod";
import { planStack } from "../../cli/core/plan-stack";
import { pending, standInDigest } from "../../infra/config/due";
import { parseStackConfig } from "../../infra/config/parse";
import { type Contract, contractJsonSchema, parseContract } from "../../infra/outputs";
import type { Plan } from "../../plan/plan";
import { rawMinimal, rawStack } from "../support/raw-config";
import { withStackFile } from "../support/stack-file";

/** The outputs, held against both forms of the contract: what our own code reads, and the schema that others get. */
function contractOf({ outputs }: Pick<Plan, "outputs">): Contract {
  const plain: unknown = JSON.parse(JSON.stringify(outputs));
  const contract = parseContract(plain);
  assert.deepEqual(contract, plain, "the program exports fields that the contract does not declare");
  const published = z.fromJSONSchema(contractJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  assert.deepEqual(published.safeParse(plain).error?.issues, undefined);
  return contract;
}

const toCents = (usd: number) => Math.round(usd * 100) / 100;

/** Values that a plan simulates; a deployment gives others of the same form. */
describe("the outputs of every stack", () => {
  for (const stack of ["dev", "staging", "prod"] as const) {
    it(`of ${stack} keep the contract with everything due, and name what the configuration names`, async () => {
      const config = parseStackConfig(rawStack(stack));
      const plan = await planStack({ stack });

      const contract = contractOf(plan);

      assert.equal(contract.stack, `sagemaker-ops/${stack}`);
      assert.deepEqual(Object.keys(contract.endpoints).sort(), Object.keys(config.endpoints).sort());
      assert.deepEqual(
        Object.keys(contract.jobs).sort(),
        [...Object.keys(config.jobs), ...Object.keys(config.tuning)].sort(),
      );
      for (const [name, endpoint] of Object.entries(contract.endpoints)) {
        assert.equal(endpoint.endpointName, `sagemaker-ops-${stack}-${name}`);
        assert.equal(endpoint.modelDigest, standInDigest(endpoint.modelName));
        const hasFunction = config.endpoints[name]?.function.kind === "invoke";
        assert.equal(endpoint.functionAliasArn !== undefined, hasFunction);
        assert.equal(endpoint.invokePolicyArn !== undefined, hasFunction);
      }
      assert.deepEqual(contract.pending, []);
      assert.equal(contract.cost.ceilingMonthlyUsd, config.ceilings.monthlyUsd);
      assert.equal(contract.cost.worstMonthlyUsd, toCents(plan.cost.worstMonthly));
      assert.equal(contract.cost.monthlyUsd, toCents(plan.cost.monthly));
    }).timeout(60_000);

    it(`of ${stack} keep the contract before data and models, and say what each part waits for`, async () => {
      const config = parseStackConfig(rawStack(stack));

      const contract = contractOf(await planStack({ stack, dueOnly: true }));

      assert.deepEqual(contract.endpoints, {});
      assert.deepEqual(contract.jobs, {});
      assert.deepEqual(
        contract.pending,
        pending(config).map(({ kind, name, reason, next }) => ({
          kind,
          name,
          waitsFor: reason,
          nextCommand: next,
        })),
      );
    }).timeout(60_000);
  }

  for (const dueOnly of [true, false]) {
    it(`of a stack with no data, model, job or endpoint keep the contract, ${dueOnly ? "as it is deployed" : "as it is planned"}`, async () => {
      const plan = await withStackFile(rawMinimal(), (configFile) =>
        planStack({ stack: "test", configFile, dueOnly }),
      );

      const { endpoints, jobs, pending, buckets, notebook, trainingBox } = contractOf(plan);

      assert.deepEqual(
        { endpoints, jobs, pending, notebook, trainingBox },
        {
          endpoints: {},
          jobs: {},
          pending: [],
          notebook: undefined,
          trainingBox: undefined,
        },
      );
      assert.equal(new Set(Object.values(buckets)).size, 3);
    }).timeout(60_000);
  }
});
