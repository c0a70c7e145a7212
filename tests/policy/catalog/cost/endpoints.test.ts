import assert from "node:assert/strict";
import {
  amounts,
  endpoint,
  estimate,
  reasons,
  resource,
  target,
  variant,
} from "../../../support/cost-samples";
import { UNKNOWN_STRING } from "../../../support/policy-request";

describe("estimateCost", () => {
  describe("of an endpoint", () => {
    it("joins it with its configuration by name", () => {
      const report = estimate(endpoint([variant({ initialInstanceCount: 2 })]));

      // 0.115 × 2 × 730 = 167.9; the fleet twice for half an hour: 0.115 × 2 × 0.5
      assert.deepEqual(amounts(report), [
        ["dogs/AllTraffic", 0.23, 167.9, 167.9, 167.9],
        ["dogs/rollout", 0, 0, 0.115, 0.115],
      ]);
    });

    it("counts nothing for a configuration that no endpoint uses", () => {
      const [configuration] = endpoint([variant({ instanceType: "ml.p4d.24xlarge" })]);

      const report = estimate(configuration === undefined ? [] : [configuration]);

      assert.deepEqual([report.lines, report.unpriced], [[], []]);
    });

    it("takes the scaled minimum when idle and the maximum at worst", () => {
      const report = estimate([...endpoint([variant()]), target({ minCapacity: 0, maxCapacity: 4 })]);

      assert.deepEqual(amounts(report), [
        ["dogs/AllTraffic", 0.115, 0, 83.95, 335.8],
        ["dogs/rollout", 0, 0, 0.0575, 0.23],
      ]);
      assert.deepEqual(report.unpriced, []);
    });

    it("expects the scaled minimum where it is above the initial count", () => {
      const report = estimate([...endpoint([variant()]), target({ minCapacity: 2, maxCapacity: 2 })]);

      assert.deepEqual(amounts(report)[0], ["dogs/AllTraffic", 0.23, 167.9, 167.9, 167.9]);
    });

    it("takes a scheduled maximum into the worst case", () => {
      const action = resource("scheduled", "morning", {
        serviceNamespace: "sagemaker",
        scalableDimension: "sagemaker:variant:DesiredInstanceCount",
        resourceId: "endpoint/dogs/variant/AllTraffic",
        scalableTargetAction: { minCapacity: 2, maxCapacity: "6" },
      });

      const report = estimate([...endpoint([variant()]), target(), action]);

      assert.deepEqual(amounts(report)[0], ["dogs/AllTraffic", 0.115, 83.95, 83.95, 503.7]);
    });

    it("leaves a target of another variant or endpoint alone, and reports a maximum that it could not place", () => {
      const report = estimate([
        ...endpoint([variant()]),
        target({ resourceId: "endpoint/cats/variant/AllTraffic" }),
      ]);

      assert.equal(report.lines[0]?.worstMonthly, 83.95);
      assert.deepEqual(reasons(report), [
        "what it scales is not in this stack: its maximum capacity is in no line",
      ]);
    });

    it("reads managed instance scaling, unless it is disabled", () => {
      const managedInstanceScaling = { status: "ENABLED", minInstanceCount: 1, maxInstanceCount: 5 };

      const on = estimate(endpoint([variant({ initialInstanceCount: 2, managedInstanceScaling })]));
      const off = estimate(
        endpoint([variant({ managedInstanceScaling: { ...managedInstanceScaling, status: "DISABLED" } })]),
      );

      assert.deepEqual(amounts(on)[0], ["dogs/AllTraffic", 0.23, 83.95, 167.9, 419.75]);
      assert.equal(off.lines[0]?.worstMonthly, 83.95);
    });

    it("counts shadow variants and volumes", () => {
      const report = estimate(
        endpoint([variant({ volumeSizeInGb: 10 })], {
          shadowProductionVariants: [variant({ variantName: "shadow", instanceType: "ml.m5.xlarge" })],
        }),
      );

      // 83.95 + 10 × 0.14; 0.23 × 730; rollout (0.115 + 0.23) × 0.5
      assert.deepEqual(amounts(report), [
        ["dogs/AllTraffic", 0.115, 85.35, 85.35, 85.35],
        ["dogs/shadow", 0.23, 167.9, 167.9, 167.9],
        ["dogs/rollout", 0, 0, 0.1725, 0.1725],
      ]);
    });

    const rollouts: readonly [string, Record<string, unknown>, number, number, RegExp][] = [
      [
        "a canary: two waits and the termination wait",
        {
          blueGreenUpdatePolicy: {
            trafficRoutingConfiguration: { type: "CANARY", waitIntervalInSeconds: 600 },
            terminationWaitInSeconds: 300,
          },
        },
        // 1500 s of 4 and of 8 instances
        (4 * 0.115 * 1500) / 3600,
        (8 * 0.115 * 1500) / 3600,
        /one deployment a month; blue\/green: the fleet twice for at most 1500 s/,
      ],
      [
        "a linear shift: one wait for each step",
        {
          blueGreenUpdatePolicy: {
            trafficRoutingConfiguration: {
              type: "LINEAR",
              waitIntervalInSeconds: 360,
              linearStepSize: { type: "CAPACITY_PERCENT", value: 30 },
            },
          },
        },
        (4 * 0.115 * 1440) / 3600,
        (8 * 0.115 * 1440) / 3600,
        /at most 1440 s/,
      ],
      [
        "a time limit above the waits",
        {
          blueGreenUpdatePolicy: {
            trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 60 },
            maximumExecutionTimeoutInSeconds: 7200,
          },
        },
        4 * 0.115 * 2,
        8 * 0.115 * 2,
        /at most 7200 s/,
      ],
      [
        "a rolling update: its largest batch",
        {
          rollingUpdatePolicy: {
            maximumBatchSize: { type: "CAPACITY_PERCENT", value: 30 },
            waitIntervalInSeconds: 0,
            maximumExecutionTimeoutInSeconds: 3600,
          },
        },
        // 30 % of 4 and of 8, rounded up
        2 * 0.115,
        3 * 0.115,
        /rolling: batches of 30 % beside the fleet for at most 3600 s/,
      ],
    ];
    for (const [what, deploymentConfig, expected, worst, basis] of rollouts) {
      it(`prices the overlap of ${what}`, () => {
        const report = estimate([
          ...endpoint([variant({ initialInstanceCount: 4 })], {}, { deploymentConfig }),
          target({ maxCapacity: 8 }),
        ]);

        const line = report.lines.at(-1);
        assert.equal(line?.component, "dogs/rollout");
        assert.deepEqual(
          [line?.monthly, line?.worstMonthly],
          [expected, worst].map((usd) => Math.round(usd * 1e6) / 1e6),
        );
        assert.match(line?.basis ?? "", basis);
      });
    }

    it("has no rate for serverless inference and says so, provisioned or not", () => {
      const serverless = (more: Record<string, unknown>) =>
        estimate(
          endpoint([
            {
              variantName: "AllTraffic",
              serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5, ...more },
            },
          ]),
        );

      const [byUse, provisioned] = [serverless({}), serverless({ provisionedConcurrency: 2 })];

      assert.deepEqual([byUse.lines, provisioned.lines], [[], []]);
      assert.match(
        reasons(byUse)[0] ?? "",
        /billed by use, at a rate this table has not; nothing while idle/,
      );
      assert.match(
        reasons(provisioned)[0] ?? "",
        /no rate for provisioned concurrency .*\(2 units, at most 2\)/,
      );
    });

    it("reports an endpoint whose configuration is not in the stack", () => {
      const report = estimate([
        resource("endpoint", "dogs", { name: "dogs", endpointConfigName: "elsewhere" }),
      ]);

      assert.deepEqual(reasons(report), [
        "its endpoint configuration is not in this stack, so its instances are unknown here",
      ]);
    });

    it("joins auto-named resources of a preview by their place", () => {
      const component = "urn:pulumi:test::project::mlops:components:InferenceEndpoint::dogs";
      const other = "urn:pulumi:test::project::mlops:components:InferenceEndpoint::cats";
      const trio = (parent: string, max: number) => [
        resource("configuration", `config-${max}`, { productionVariants: [variant()] }, parent),
        resource("endpoint", `endpoint-${max}`, { endpointConfigName: UNKNOWN_STRING }, parent),
        { ...target({ resourceId: UNKNOWN_STRING, maxCapacity: max }), urn: `${parent}-target`, parent },
      ];

      const report = estimate([...trio(component, 2), ...trio(other, 3)]);

      assert.deepEqual(
        amounts(report).map(([name, , , , worst]) => [name, worst]),
        [
          ["endpoint-2/AllTraffic", 167.9],
          ["endpoint-2/rollout", 0.115],
          ["endpoint-3/AllTraffic", 251.85],
          ["endpoint-3/rollout", 0.1725],
        ],
      );
      assert.deepEqual([report.unknown, report.unpriced], [0, []]);
    });
  });

  it("does not guess which of two endpoints at one place an unknown target scales", () => {
    const nameless = (name: string) => [
      resource("configuration", `config-${name}`, { name, productionVariants: [variant()] }),
      resource("endpoint", name, { endpointConfigName: name }),
    ];

    const report = estimate([
      ...nameless("dogs"),
      ...nameless("cats"),
      target({ resourceId: UNKNOWN_STRING, maxCapacity: 9 }),
    ]);

    assert.deepEqual([report.lines[0]?.worstMonthly, report.lines[2]?.worstMonthly], [83.95, 83.95]);
    assert.deepEqual(reasons(report), [
      "what it scales is unknown until deployment; the amounts are a lower bound",
    ]);
  });

  it("stays finite for counts that no account could have", () => {
    const report = estimate([
      resource("tuning", "search", {
        config: { resourceLimits: { maxNumberOfTrainingJobs: 1e300 } },
        trainingJobDefinition: {
          resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1e300 },
          stoppingCondition: { maxRuntimeInSeconds: 1e300 },
        },
      }),
    ]);

    assert.ok(Number.isFinite(report.worstMonthly));
  });
});
