import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { provisionedConcurrencyMaxCeiling } from "../../../policy/cost/provisioned-concurrency-max-ceiling";
import { TYPES } from "../../support/cost-samples";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const invoke = (more: Record<string, unknown> = {}, name = "invoke"): StackResource => ({
  type: TYPES.function,
  name,
  props: { name, memorySize: 512, architectures: ["arm64"], ...more },
});
const provisioned = (more: Record<string, unknown> = {}, name = "config"): StackResource => ({
  type: TYPES.provisioned,
  name,
  props: { functionName: "invoke", qualifier: "live", provisionedConcurrentExecutions: 2, ...more },
});
const target = (more: Record<string, unknown> = {}): StackResource => ({
  type: TYPES.target,
  name: "target",
  props: {
    serviceNamespace: "lambda",
    scalableDimension: "lambda:function:ProvisionedConcurrency",
    resourceId: "function:invoke:live",
    minCapacity: 2,
    maxCapacity: 20,
    ...more,
  },
});

async function judge(resources: readonly StackResource[], monthlyUsd = 250) {
  const options = { settings: { "cost-provisioned-concurrency-max-ceiling": { monthlyUsd } } };
  return analyzeStack([provisionedConcurrencyMaxCeiling.policy(options)] as Policies, resources);
}

/** One environment of 512 MiB on arm64 is 0.5 × 3600 × 730 × 0.0000033334 = 4.380088 a month. */
describe("cost-provisioned-concurrency-max-ceiling", () => {
  const atCeiling: readonly [string, readonly StackResource[], number][] = [
    ["what is always ready", [invoke(), provisioned()], 8.760175],
    ["the maximum of the scaling", [invoke(), provisioned(), target()], 87.601752],
    ["the smallest memory where none is said", [invoke({ memorySize: undefined }), provisioned()], 2.190044],
  ];
  for (const [what, resources, monthlyUsd] of atCeiling) {
    it(`counts ${what}: exactly at the ceiling passes, a cent below is refused`, async () => {
      assert.deepEqual(await judge(resources, monthlyUsd), []);

      const found = await judge(resources, monthlyUsd - 0.01);
      assert.deepEqual(
        found.map(({ level, urn }) => [level, urn]),
        [["mandatory", urnOf(provisioned())]],
      );
    });
  }

  it("tells the factors", async () => {
    const [found] = await judge([invoke(), provisioned(), target()], 80);

    assert.match(
      found?.message ?? "",
      /costs up to 87\.6 USD a month at its largest; the ceiling is 80: 87\.6 − 80 = 7\.6 too much\. Counted: config 87\.601752 = 20 environments × 512 MiB × 0\.0000033334 USD per GB-second \(arm64\) × 730 h\. Keep fewer environments ready, or change ceilings\.monthlyUsd/,
    );
  });

  it("joins by references where a preview knows no names", async () => {
    const fn = invoke({ name: UNKNOWN_STRING });
    const large = invoke({ name: UNKNOWN_STRING, memorySize: 4096 }, "large");
    const config: StackResource = {
      ...provisioned({ functionName: UNKNOWN_STRING }),
      propertyDependencies: { functionName: [urnOf(fn)] },
    };

    assert.deepEqual(await judge([fn, large, config], 8.760175), []);
    assert.equal((await judge([fn, large, config], 8.75)).length, 1);
  });

  const open: readonly [string, readonly StackResource[], RegExp][] = [
    ["an unknown memory", [invoke({ memorySize: UNKNOWN_NUMBER }), provisioned()], /the function's memory/],
    ["an unknown architecture", [invoke({ architectures: UNKNOWN_ARRAY }), provisioned()], /architecture/],
    ["an unknown function", [provisioned({ functionName: UNKNOWN_STRING })], /which function it belongs to/],
    ["a function elsewhere", [provisioned()], /its function is not in this stack/],
  ];
  for (const [what, resources, message] of open) {
    it(`tells of ${what} without refusing it`, async () => {
      const found = await judge(resources);

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.message ?? "", message);
    });
  }

  it("leaves one open and refuses the other all the same", async () => {
    const other = provisioned({ functionName: UNKNOWN_STRING }, "other");

    const found = await judge([invoke(), provisioned(), other], 1);

    assert.deepEqual(found.map(({ level }) => level).sort(), ["advisory", "mandatory"]);
  });
});
