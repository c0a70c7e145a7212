import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  type CostReport,
  type CostResource,
  costInputs,
  type EstimateOptions,
  estimateCost,
} from "../../../policy/catalog/estimate";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";

const TYPES = {
  notebook: "aws:sagemaker/notebookInstance:NotebookInstance",
  configuration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  target: "aws:appautoscaling/target:Target",
  scheduled: "aws:appautoscaling/scheduledAction:ScheduledAction",
  training: "aws:sagemaker/trainingJob:TrainingJob",
  tuning: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
  instance: "aws:ec2/instance:Instance",
  spot: "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  volume: "aws:ebs/volume:Volume",
  eip: "aws:ec2/eip:Eip",
  nat: "aws:ec2/natGateway:NatGateway",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  function: "aws:lambda/function:Function",
  provisioned: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  key: "aws:kms/key:Key",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  dashboard: "aws:cloudwatch/dashboard:Dashboard",
  bucket: "aws:s3/bucket:Bucket",
} as const;

function resource(
  kind: keyof typeof TYPES,
  name: string,
  properties: Record<string, unknown>,
  parent?: string,
): CostResource {
  return {
    urn: `urn:pulumi:test::project::${TYPES[kind]}::${name}`,
    type: TYPES[kind],
    name,
    properties,
    parent,
  };
}

function estimate(resources: readonly CostResource[], options: Partial<EstimateOptions> = {}): CostReport {
  return estimateCost(resources, { region: "us-east-1", ...options });
}

/** `[component, hourly, idle, expected, worst]` of each line. */
function amounts({ lines }: CostReport) {
  return lines.map((line) => [
    line.component,
    line.hourly,
    line.idleMonthly,
    line.monthly,
    line.worstMonthly,
  ]);
}

function reasons({ unpriced }: CostReport): readonly string[] {
  return unpriced.map(({ reason }) => reason);
}

const variant = (more: Record<string, unknown> = {}) => ({
  variantName: "AllTraffic",
  instanceType: "ml.m5.large",
  initialInstanceCount: 1,
  ...more,
});
const endpoint = (
  productionVariants: unknown,
  more: Record<string, unknown> = {},
  deployment: Record<string, unknown> = {},
) => [
  resource("configuration", "config", { name: "config-1", productionVariants, ...more }),
  resource("endpoint", "dogs", { name: "dogs", endpointConfigName: "config-1", ...deployment }),
];
const target = (more: Record<string, unknown> = {}) =>
  resource("target", "target", {
    serviceNamespace: "sagemaker",
    scalableDimension: "sagemaker:variant:DesiredInstanceCount",
    resourceId: "endpoint/dogs/variant/AllTraffic",
    minCapacity: 1,
    maxCapacity: 3,
    ...more,
  });

describe("estimateCost", () => {
  it("adds up nothing to nothing", () => {
    assert.deepEqual(estimate([]), {
      currency: "USD",
      region: "us-east-1",
      pricesAsOf: "2026-09-28",
      hoursPerMonth: 730,
      lines: [],
      idleMonthly: 0,
      monthly: 0,
      worstMonthly: 0,
      unpriced: [],
      notes: [],
      unknown: 0,
    });
  });

  describe("of a notebook", () => {
    it("counts the volume always, the hours assumed when expected, and all hours at worst", () => {
      const report = estimate([
        resource("notebook", "lab", { instanceType: "ml.t3.medium", volumeSize: 20 }),
      ]);

      // 20 GB × 0.14 = 2.8; 0.05 × 160 = 8; 0.05 × 730 = 36.5
      assert.deepEqual(amounts(report), [["lab", 0.05, 2.8, 10.8, 39.3]]);
      assert.deepEqual([report.idleMonthly, report.monthly, report.worstMonthly], [2.8, 10.8, 39.3]);
      assert.deepEqual(report.unpriced, []);
    });

    it("takes the assumed hours and the length of the month from the caller", () => {
      const report = estimate([resource("notebook", "lab", { instanceType: "ml.t3.medium" })], {
        hoursPerMonth: 700,
        assumptions: { notebookHoursPerMonth: 100 },
      });

      assert.deepEqual(amounts(report), [["lab", 0.05, 0.7, 5.7, 35.7]]);
      assert.match(
        report.lines[0]?.basis ?? "",
        /100 h a month of work assumed, stopped otherwise; volume 5 GB$/,
      );
    });
  });

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

  describe("of jobs", () => {
    const resourceConfig = { instanceType: "ml.m5.xlarge", instanceCount: 2, volumeSizeInGb: 73 };
    const stoppingCondition = { maxRuntimeInSeconds: 7200 };

    it("counts one training run: half the longest time expected, all of it at worst", () => {
      const report = estimate([resource("training", "train", { resourceConfig, stoppingCondition })]);

      // (0.23 + 73 × 0.14 / 730) × 2 = 0.488 per hour
      assert.deepEqual(amounts(report), [["train", 0.488, 0, 0.488, 0.976]]);
    });

    it("takes a day where no limit is given, and adds the time kept warm", () => {
      const report = estimate([
        resource("training", "train", {
          resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1, keepAlivePeriodInSeconds: 3600 },
        }),
      ]);

      assert.deepEqual(amounts(report), [["train", 0.23, 0, 2.99, 5.75]]);
    });

    it("adds up instance groups", () => {
      const report = estimate([
        resource("training", "train", {
          resourceConfig: {
            instanceGroups: [
              { instanceType: "ml.m5.xlarge", instanceCount: 2 },
              { instanceType: "ml.g4dn.xlarge", instanceCount: 1 },
            ],
          },
          stoppingCondition: { maxRuntimeInSeconds: 3600 },
          enableManagedSpotTraining: true,
        }),
      ]);

      assert.deepEqual(amounts(report), [["train", 1.196, 0, 0.598, 1.196]]);
      assert.match(report.lines[0]?.basis ?? "", /spot, counted at the on-demand price/);
    });

    it("counts every job of a search, at its dearest definition", () => {
      const definition = (instanceType: string) => ({
        resourceConfig: { instanceType, instanceCount: 1 },
        stoppingCondition,
      });
      const config = { resourceLimits: { maxNumberOfTrainingJobs: 6, maxParallelTrainingJobs: 2 } };

      const report = estimate([
        resource("tuning", "search", {
          config,
          trainingJobDefinitions: [definition("ml.m5.xlarge"), definition("ml.g4dn.xlarge")],
        }),
      ]);

      // 0.736 × 2 h × 6
      assert.deepEqual(amounts(report), [["search", 0.736, 0, 4.416, 8.832]]);
    });

    it("reports a search without a number of jobs", () => {
      const report = estimate([
        resource("tuning", "search", {
          config: {},
          trainingJobDefinition: { resourceConfig, stoppingCondition },
        }),
      ]);

      assert.deepEqual(reasons(report), [
        "no maxNumberOfTrainingJobs, so nothing bounds the number of jobs; the amounts count one",
      ]);
      assert.deepEqual(amounts(report), [["search", 0.488, 0, 0.488, 0.976]]);
    });
  });

  describe("of EC2", () => {
    it("counts type, volumes and public address, the hours assumed and all hours", () => {
      const report = estimate([
        resource("instance", "box", {
          instanceType: "g4dn.xlarge",
          associatePublicIpAddress: true,
          rootBlockDevice: { volumeType: "gp3", volumeSize: 100, iops: 4000, throughput: 225 },
          ebsBlockDevices: [{ volumeSize: "50" }],
        }),
      ]);

      // 100 × 0.08 + 1000 × 0.005 + 100 × 0.04 + 50 × 0.10 = 22; 0.531 × 160 = 84.96; 0.531 × 730 = 387.63
      assert.deepEqual(amounts(report), [["box", 0.531, 22, 106.96, 409.63]]);
    });

    it("counts spot at the on-demand price", () => {
      const report = estimate([
        resource("spot", "box", { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 8 } }),
      ]);

      assert.deepEqual(amounts(report), [["box", 0.0104, 0.8, 2.464, 8.392]]);
      assert.match(report.lines[0]?.basis ?? "", /spot counted at the on-demand price/);
    });

    const incomplete: readonly [string, Record<string, unknown>, RegExp][] = [
      [
        "a root volume without a size",
        { instanceType: "t3.micro" },
        /the root volume: no size; it comes from the image or snapshot/,
      ],
      ["a dedicated host", { instanceType: "t3.micro", tenancy: "host" }, /tenancy host has other prices/],
      ["a launch template", { launchTemplate: { id: "lt-1" } }, /comes from a launch template/],
      [
        "a type without a price",
        { instanceType: "x9.huge", rootBlockDevice: { volumeSize: 1 } },
        /not an instance type/,
      ],
      [
        "a volume type without a rate",
        { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 1, volumeType: "io2" } },
        /no rate for volumes of its type/,
      ],
    ];
    for (const [what, properties, reason] of incomplete) {
      it(`reports ${what}`, () => {
        assert.match(reasons(estimate([resource("instance", "box", properties)])).join(), reason);
      });
    }

    it("prices what is billed by the hour or month alone", () => {
      const report = estimate([
        resource("volume", "data", { size: 100, type: "gp3" }),
        resource("eip", "address", {}),
        resource("nat", "nat", {}),
        resource("vpcEndpoint", "s3", { vpcEndpointType: "Gateway" }),
        resource("vpcEndpoint", "api", {
          vpcEndpointType: "Interface",
          subnetIds: ["subnet-1", UNKNOWN_STRING],
        }),
        resource("key", "key", {}),
        resource("alarm", "slow", { period: 60 }),
        resource("alarm", "math", {
          metricQueries: [{ metric: { period: 10 } }, { metric: { period: 60 } }, { expression: "m1/m2" }],
        }),
        resource("dashboard", "overview", {}),
      ]);

      assert.deepEqual(
        report.lines.map(({ component, idleMonthly, monthly, worstMonthly }) => [
          component,
          idleMonthly,
          monthly,
          worstMonthly,
        ]),
        [
          ["data", 8, 8, 8],
          ["address", 3.65, 3.65, 3.65],
          ["nat", 32.85, 32.85, 32.85],
          ["api", 14.6, 14.6, 14.6],
          ["key", 1, 1, 1],
          ["slow", 0.1, 0.1, 0.1],
          ["math", 0.6, 0.6, 0.6],
          ["overview", 3, 3, 3],
        ],
      );
      assert.deepEqual([report.unpriced, report.unknown], [[], 0]);
    });

    it("notes what is billed by use alone, without a line", () => {
      const report = estimate([resource("bucket", "data", {}), resource("function", "dogs", {})]);

      assert.deepEqual([report.lines, report.unpriced], [[], []]);
      assert.deepEqual(
        report.notes.map(({ reason }) => reason),
        [
          "billed per GB stored and per request; nothing while empty",
          "billed per request and GB-second; nothing while not invoked",
        ],
      );
    });
  });

  describe("of provisioned concurrency", () => {
    const config = (more: Record<string, unknown> = {}) =>
      resource("provisioned", "ready", {
        functionName: "dogs",
        qualifier: "live",
        provisionedConcurrentExecutions: 3,
        ...more,
      });

    it("joins the function for memory and architecture", () => {
      const x86 = estimate([resource("function", "f", { name: "dogs" }), config()]);
      const arm = estimate([
        resource("function", "f", { arn: "arn:x", memorySize: 256, architectures: ["arm64"] }),
        config({ functionName: "arn:x" }),
      ]);

      // 3 × 128/1024 GB × 3600 s × 0.0000041667 × 730 h = 4.106…; arm64 3 × 0.25 × 3600 × 0.0000033334 × 730
      assert.deepEqual(amounts(x86), [["ready", 0.005625, 4.106283, 4.106283, 4.106283]]);
      assert.deepEqual(amounts(arm), [["ready", 0.009, 6.570131, 6.570131, 6.570131]]);
    });

    it("takes the scaled maximum at worst", () => {
      const scaled = resource("target", "target", {
        serviceNamespace: "lambda",
        scalableDimension: "lambda:function:ProvisionedConcurrency",
        resourceId: "function:dogs:live",
        minCapacity: 1,
        maxCapacity: 6,
      });

      const report = estimate([resource("function", "f", { name: "dogs" }), config(), scaled]);

      assert.deepEqual(amounts(report), [["ready", 0.005625, 1.368761, 4.106283, 8.212566]]);
      assert.deepEqual(report.unpriced, []);
    });

    it("reports a function that is not in the stack", () => {
      assert.deepEqual(reasons(estimate([config()])), [
        "its function is not in this stack, so its memory is unknown here",
      ]);
    });
  });

  describe("with what is missing, wrong or unknown", () => {
    it("uses the resource's own region, and has no price where there is no table", () => {
      const report = estimate([resource("key", "key", { region: "eu-west-1" })]);

      assert.deepEqual([report.lines, report.monthly], [[], 0]);
      assert.match(reasons(report)[0] ?? "", /no price table for region eu-west-1/);
    });

    for (const wrong of [Number.NaN, -3, "many", {}, Number.POSITIVE_INFINITY, true]) {
      it(`counts one instance and reports it where the count is ${String(wrong)}`, () => {
        const report = estimate(endpoint([variant({ initialInstanceCount: wrong })]));

        assert.equal(report.monthly, 84.0075);
        assert.deepEqual(reasons(report), [
          "variant AllTraffic: the instance count is not a number of zero or more; the amounts count 1",
        ]);
      });
    }

    it("gives a lower bound and the number of unknowns", () => {
      const report = estimate([
        ...endpoint([variant({ initialInstanceCount: UNKNOWN_NUMBER })]),
        resource("training", "train", { resourceConfig: { instanceType: UNKNOWN_STRING, instanceCount: 1 } }),
        resource("vpcEndpoint", "api", { vpcEndpointType: "Interface", subnetIds: UNKNOWN_ARRAY }),
      ]);

      assert.equal(report.unknown, 3);
      assert.deepEqual(reasons(report), [
        "variant AllTraffic: the instance count is unknown until deployment; the amounts are a lower bound",
        "the job: the instance type is unknown until deployment; the amounts are a lower bound",
        "the number of subnets is unknown until deployment; the amounts are a lower bound",
      ]);
      assert.equal(report.monthly, 91.3075);
    });

    it("reports unknown variants, and an endpoint whose configuration cannot be told", () => {
      const variants = estimate(endpoint(UNKNOWN_ARRAY));
      const joined = estimate([
        resource("configuration", "a", { productionVariants: [variant()] }),
        resource("configuration", "b", { productionVariants: [variant()] }),
        resource("endpoint", "dogs", { endpointConfigName: UNKNOWN_STRING }),
      ]);

      assert.deepEqual([variants.unknown, joined.unknown], [1, 1]);
      assert.match(reasons(joined)[0] ?? "", /which configuration it uses is unknown/);
    });
  });

  it("reads only the properties it says it reads", () => {
    const resources = [
      ...endpoint([variant()], {}, { deploymentConfig: {} }),
      target(),
      resource("notebook", "lab", { instanceType: "ml.t3.medium", volumeSize: 10 }),
      resource("instance", "box", { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 8 } }),
      resource("function", "f", { name: "dogs", memorySize: 512 }),
      resource("provisioned", "ready", {
        functionName: "dogs",
        qualifier: "live",
        provisionedConcurrentExecutions: 1,
      }),
    ];
    const trap = (one: CostResource): CostResource => ({
      ...one,
      properties: new Proxy(one.properties, {
        get: (properties, key) => {
          assert.ok(costInputs[one.type]?.includes(String(key)), `${one.type} reads ${String(key)}`);
          return Reflect.get(properties, key);
        },
      }),
    });

    assert.deepEqual(estimate(resources.map(trap)), estimate(resources));
  });
});
