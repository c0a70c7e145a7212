import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { endpointMaxCeiling } from "../../../policy/cost/endpoint-max-ceiling";
import { TYPES, variant } from "../../support/cost-samples";
import { UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const configuration = (productionVariants: unknown, more: Record<string, unknown> = {}): StackResource => ({
  type: TYPES.configuration,
  name: "config",
  props: { name: "config-1", productionVariants, ...more },
});
const endpoint = (more: Record<string, unknown> = {}, name = "dogs"): StackResource => ({
  type: TYPES.endpoint,
  name,
  // A rolling update of one instance that takes an hour: what it adds is easy to see.
  props: {
    name,
    endpointConfigName: "config-1",
    deploymentConfig: {
      rollingUpdatePolicy: {
        maximumBatchSize: { type: "INSTANCE_COUNT", value: 1 },
        waitIntervalInSeconds: 0,
        maximumExecutionTimeoutInSeconds: 3600,
      },
    },
    ...more,
  },
});
const target = (more: Record<string, unknown> = {}): StackResource => ({
  type: TYPES.target,
  name: "target",
  props: {
    serviceNamespace: "sagemaker",
    scalableDimension: "sagemaker:variant:DesiredInstanceCount",
    resourceId: "endpoint/dogs/variant/AllTraffic",
    minCapacity: 1,
    maxCapacity: 3,
    ...more,
  },
});
const schedule = (scalableTargetAction: Record<string, unknown>): StackResource => ({
  ...target({ scalableTargetAction, minCapacity: undefined, maxCapacity: undefined }),
  type: TYPES.scheduled,
  name: "morning",
});

async function judge(resources: readonly StackResource[], settings: Record<string, unknown> = {}) {
  const options = { settings: { "cost-endpoint-max-ceiling": settings }, today: "2026-06-15" };
  return analyzeStack([endpointMaxCeiling.policy(options)] as Policies, resources);
}

/** 0.115 for an hour of one instance: month 83.95, rollout 0.115 */
describe("cost-endpoint-max-ceiling", () => {
  const atCeiling: readonly [string, readonly StackResource[], number][] = [
    ["one instance and one rollout", [configuration([variant()]), endpoint()], 84.065],
    ["the maximum of a scalable target", [configuration([variant()]), endpoint(), target()], 251.965],
    [
      "a scheduled action above the target's maximum",
      [configuration([variant()]), endpoint(), target(), schedule({ minCapacity: 2, maxCapacity: 5 })],
      419.865,
    ],
    [
      "managed scaling",
      [
        configuration([variant({ managedInstanceScaling: { status: "ENABLED", maxInstanceCount: 4 } })]),
        endpoint(),
      ],
      335.915,
    ],
    [
      "a shadow variant, which rolls out too",
      [
        configuration([variant()], { shadowProductionVariants: [variant({ variantName: "next" })] }),
        endpoint(),
        target(),
      ],
      336.03,
    ],
    [
      "a blue/green deployment that runs the whole fleet twice",
      [
        configuration([variant()]),
        endpoint({
          deploymentConfig: {
            blueGreenUpdatePolicy: {
              trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 },
              maximumExecutionTimeoutInSeconds: 3600,
            },
          },
        }),
        target(),
      ],
      252.195,
    ],
    [
      "volumes at the largest size",
      [configuration([variant({ volumeSizeInGb: 100 })]), endpoint(), target()],
      293.965,
    ],
  ];
  for (const [what, resources, monthlyUsd] of atCeiling) {
    it(`counts ${what}: exactly at the ceiling passes, a cent below is refused`, async () => {
      assert.deepEqual(await judge(resources, { monthlyUsd }), []);

      const found = await judge(resources, { monthlyUsd: Math.round((monthlyUsd - 0.01) * 1e6) / 1e6 });
      assert.deepEqual(
        found.map(({ level, urn }) => [level, urn]),
        [["mandatory", urnOf(endpoint())]],
      );
      assert.match(found[0]?.message ?? "", / = 0\.01 too much\. Counted: dogs\/AllTraffic /);
    });
  }

  it("tells amount, ceiling, factors, what is cheaper and the key to change", async () => {
    const [found] = await judge([configuration([variant()]), endpoint(), target()], { monthlyUsd: 250 });

    assert.equal(
      (found?.message ?? "").replace(/listed [^)]*/g, "listed"),
      [
        "No endpoint can cost more per month than its ceiling, however far it scales out.",
        "This endpoint costs up to 251.97 USD a month at its largest; the ceiling is 250: 251.97 − 250 = 1.97 too much. Counted: dogs/AllTraffic 251.85 = 3 instances × (ml.m5.large 0.115 USD/h (listed) × 730 h); dogs/rollout 0.115 = 1 × 0.115 USD/h beside the fleet for 3600 s; rolling: batches of 1 beside the fleet for at most 3600 s. Cheapest for hosting, in USD a month at its largest: ml.c5.large 223.48. Choose one of them, lower the maximum capacity, or change ceilings.monthlyUsd (in the pack's own configuration: monthlyUsd of cost-endpoint-max-ceiling).",
      ].join("\n"),
    );
  });

  it("judges each of several endpoints on one configuration", async () => {
    const resources = [
      configuration([variant()]),
      endpoint(),
      endpoint({}, "cats"),
      target(),
      { ...target({ resourceId: "endpoint/cats/variant/AllTraffic", maxCapacity: 9 }), name: "cats-target" },
    ];

    const found = await judge(resources, { monthlyUsd: 300 });

    assert.deepEqual(
      found.map(({ urn }) => urn),
      [urnOf(endpoint({}, "cats"))],
    );
  });

  it("joins by references where a preview knows no names", async () => {
    const config = configuration([variant({ initialInstanceCount: 2 })], { name: UNKNOWN_STRING });
    const other: StackResource = { ...configuration([variant()], { name: UNKNOWN_STRING }), name: "other" };
    const dogs: StackResource = {
      ...endpoint({ name: UNKNOWN_STRING, endpointConfigName: UNKNOWN_STRING }),
      propertyDependencies: { endpointConfigName: [urnOf(config)] },
    };
    const cats: StackResource = {
      ...endpoint({ name: UNKNOWN_STRING, endpointConfigName: UNKNOWN_STRING }, "cats"),
      propertyDependencies: { endpointConfigName: [urnOf(other)] },
    };
    const scaling: StackResource = {
      ...target({ resourceId: UNKNOWN_STRING, maxCapacity: 4 }),
      propertyDependencies: { resourceId: [urnOf(dogs)] },
    };

    const found = await judge([config, other, dogs, cats, scaling], { monthlyUsd: 84.065 });

    assert.deepEqual(
      found.map(({ urn, level }) => [urn, level]),
      [[urnOf(dogs), "mandatory"]],
    );
    assert.match(found[0]?.message ?? "", /= 4 instances × /);
  });

  it("leaves one endpoint open and refuses the other all the same", async () => {
    const open: StackResource = endpoint({ endpointConfigName: UNKNOWN_STRING }, "open");
    const resources = [configuration([variant({ initialInstanceCount: 3 })]), endpoint(), open];

    const found = await judge(resources, { monthlyUsd: 200 });

    assert.deepEqual(
      found.map(({ level, urn }) => [level, urn]).sort(),
      [
        ["advisory", urnOf(open)],
        ["mandatory", urnOf(endpoint())],
      ].sort(),
    );
  });

  const remarks: readonly [string, readonly StackResource[], string, RegExp][] = [
    [
      "an unknown maximum",
      [configuration([variant()]), endpoint(), target({ maxCapacity: UNKNOWN_NUMBER })],
      "advisory",
      /1 value unknown: maximum capacity/,
    ],
    [
      "a maximum that is no number",
      [configuration([variant()]), endpoint(), target({ maxCapacity: "lots" })],
      "mandatory",
      /maximum capacity is not a number of zero or more/,
    ],
    [
      "a configuration elsewhere",
      [endpoint()],
      "advisory",
      /its endpoint configuration is not in this stack/,
    ],
    [
      "a target of an endpoint elsewhere",
      [target({ resourceId: "endpoint/other/variant/AllTraffic" })],
      "advisory",
      /what it scales is not in this stack/,
    ],
    [
      "a type without a price",
      [configuration([variant({ instanceType: "ml.nothing.large" })]), endpoint()],
      "mandatory",
      /This endpoint cannot be held against the ceiling of 2000 USD a month at its largest: variant AllTraffic/,
    ],
    [
      "provisioned serverless capacity without a rate",
      [
        configuration([
          { variantName: "v", serverlessConfig: { memorySizeInMb: 1024, provisionedConcurrency: 2 } },
        ]),
        endpoint(),
      ],
      "mandatory",
      /no rate for provisioned concurrency of serverless inference/,
    ],
    [
      "an unknown rollout",
      [configuration([variant()]), endpoint({ deploymentConfig: UNKNOWN_STRING })],
      "advisory",
      /1 value unknown: how it is rolled out/,
    ],
  ];
  for (const [what, resources, level, message] of remarks) {
    it(`answers ${what} with one ${level} finding`, async () => {
      const found = await judge(resources);

      assert.deepEqual(
        found.map((diagnostic) => diagnostic.level),
        [level],
      );
      assert.match(found[0]?.message ?? "", message);
    });
  }

  it("has nothing to say of what scales in other services", async () => {
    const lambda = target({
      serviceNamespace: "lambda",
      scalableDimension: "lambda:function:ProvisionedConcurrency",
    });
    const copies = target({ scalableDimension: "sagemaker:inference-component:DesiredCopyCount" });

    assert.deepEqual(await judge([lambda, { ...copies, name: "copies" }]), []);
  });

  it("lets an exemption take one endpoint out, until its last day", async () => {
    const resources = [configuration([variant()]), endpoint()];
    const exempt = (until: string) => [{ resource: "dogs", reason: "The load test of the release", until }];

    const levels = async (until: string) =>
      (await judge(resources, { monthlyUsd: 1, exempt: exempt(until) })).map(({ level }) => level);
    assert.deepEqual(await levels("2026-06-15"), ["advisory"]);
    assert.deepEqual(await levels("2026-06-14"), ["mandatory"]);
  });
});
