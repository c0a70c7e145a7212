import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { type CostResource, costInputs, estimateCost } from "../../../policy/catalog/estimate";
import { UNKNOWN_STRING } from "../../support/policy-request";

const SM = "aws:sagemaker";

interface Sizes {
  readonly initial: number;
  readonly shadow: number;
  readonly max: number;
  readonly managedMax: number;
  readonly batch: number;
  readonly volumeGb: number;
  readonly instances: number;
  readonly runtime: number;
  readonly jobs: number;
  readonly notebookGb: number;
  readonly rootGb: number;
  readonly iops: number;
  readonly throughput: number;
  readonly environments: number;
  readonly environmentsMax: number;
  readonly memoryMiB: number;
  readonly subnets: number;
}

const size = fc.oneof(fc.nat(50), fc.nat(100_000), fc.constant(1e12));
const sizes: fc.Arbitrary<Sizes> = fc.record({
  initial: size,
  shadow: size,
  max: size,
  managedMax: size,
  batch: size,
  volumeGb: size,
  instances: size,
  runtime: size,
  jobs: size,
  notebookGb: size,
  rootGb: size,
  iops: size,
  throughput: size,
  environments: size,
  environmentsMax: size,
  memoryMiB: size,
  subnets: fc.nat(6),
});

function resource(type: string, name: string, properties: Record<string, unknown>): CostResource {
  return { urn: `urn:pulumi:test::project::${type}::${name}`, type, name, properties };
}

/** One of everything that has a size, each taken from `sizes`. */
function stack(s: Sizes, rolling: boolean): readonly CostResource[] {
  const job = { instanceType: "ml.m5.xlarge", instanceCount: s.instances, volumeSizeInGb: s.volumeGb };
  const stoppingCondition = { maxRuntimeInSeconds: s.runtime };
  const deploymentConfig = {
    rollingUpdatePolicy: {
      maximumBatchSize: { type: "INSTANCE_COUNT", value: s.batch },
      maximumExecutionTimeoutInSeconds: 3600,
    },
  };

  return [
    resource(`${SM}/endpointConfiguration:EndpointConfiguration`, "c", {
      name: "c",
      productionVariants: [
        {
          variantName: "v",
          instanceType: "ml.m5.large",
          initialInstanceCount: s.initial,
          volumeSizeInGb: s.volumeGb,
          managedInstanceScaling: { maxInstanceCount: s.managedMax },
        },
      ],
      shadowProductionVariants: [
        { variantName: "s", instanceType: "ml.m5.xlarge", initialInstanceCount: s.shadow },
      ],
    }),
    resource(`${SM}/endpoint:Endpoint`, "e", {
      name: "e",
      endpointConfigName: "c",
      ...(rolling ? { deploymentConfig } : {}),
    }),
    resource("aws:appautoscaling/target:Target", "t", {
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId: "endpoint/e/variant/v",
      maxCapacity: s.max,
    }),
    resource(`${SM}/trainingJob:TrainingJob`, "j", { resourceConfig: job, stoppingCondition }),
    resource(`${SM}/hyperParameterTuningJob:HyperParameterTuningJob`, "h", {
      config: { resourceLimits: { maxNumberOfTrainingJobs: s.jobs } },
      trainingJobDefinition: { resourceConfig: job, stoppingCondition },
    }),
    resource(`${SM}/notebookInstance:NotebookInstance`, "n", {
      instanceType: "ml.t3.medium",
      volumeSize: s.notebookGb,
    }),
    resource("aws:ec2/instance:Instance", "i", {
      instanceType: "t3.micro",
      rootBlockDevice: { volumeType: "gp3", volumeSize: s.rootGb, iops: s.iops, throughput: s.throughput },
    }),
    resource("aws:lambda/function:Function", "f", { name: "f", memorySize: s.memoryMiB }),
    resource("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "p", {
      functionName: "f",
      qualifier: "live",
      provisionedConcurrentExecutions: s.environments,
    }),
    resource("aws:appautoscaling/target:Target", "u", {
      serviceNamespace: "lambda",
      scalableDimension: "lambda:function:ProvisionedConcurrency",
      resourceId: "function:f:live",
      maxCapacity: s.environmentsMax,
    }),
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", "x", {
      vpcEndpointType: "Interface",
      subnetIds: Array(s.subnets).fill("subnet"),
    }),
  ];
}

const worst = (resources: readonly CostResource[]) =>
  estimateCost(resources, { region: "us-east-1" }).worstMonthly;

describe("estimateCost on random stacks", () => {
  it("never lowers the worst case when any count or size is raised", () => {
    const keys = Object.keys(fc.sample(sizes, 1)[0] ?? {}) as (keyof Sizes)[];

    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(...keys),
        fc.integer({ min: 1, max: 100_000 }),
        fc.boolean(),
        (before, key, more, rolling) => {
          const after = { ...before, [key]: key === "subnets" ? before[key] + 1 : before[key] + more };
          return worst(stack(after, rolling)) >= worst(stack(before, rolling));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("raises the worst case with each size that costs anything", () => {
    const one: Sizes = {
      initial: 1,
      shadow: 1,
      max: 1,
      managedMax: 1,
      batch: 1,
      volumeGb: 1,
      instances: 1,
      runtime: 3600,
      jobs: 1,
      notebookGb: 5,
      rootGb: 8,
      iops: 3000,
      throughput: 125,
      environments: 1,
      environmentsMax: 1,
      memoryMiB: 128,
      subnets: 1,
    };
    const base = worst(stack(one, false));
    const flat = (Object.keys(one) as (keyof Sizes)[]).filter(
      (key) => worst(stack({ ...one, [key]: one[key] + 10 }, false)) <= base,
    );

    // The batch counts in a rolling update only.
    assert.deepEqual(flat, ["batch"]);
  });

  it("answers any properties with finite amounts in order, and throws on none", () => {
    const value = fc.oneof(
      { weight: 3, arbitrary: fc.anything({ maxDepth: 3 }) },
      fc.constantFrom(
        Number.NaN,
        -1,
        Number.POSITIVE_INFINITY,
        "3",
        UNKNOWN_STRING,
        "ml.m5.large",
        "t3.micro",
        null,
      ),
    );
    const anyResource = fc
      .constantFrom(...Object.keys(costInputs))
      .chain((type) =>
        fc
          .dictionary(fc.constantFrom(...(costInputs[type] ?? [])), value)
          .map((properties) => resource(type, "x", properties)),
      );

    fc.assert(
      fc.property(fc.array(anyResource, { maxLength: 6 }), (resources) => {
        const report = estimateCost(resources, { region: "us-east-1" });
        const amounts = [report, ...report.lines].flatMap(({ idleMonthly, monthly, worstMonthly }) => [
          idleMonthly,
          monthly,
          worstMonthly,
        ]);

        assert.ok(amounts.every((usd) => Number.isFinite(usd) && usd >= 0));
        assert.ok(
          report.lines.every((line) => line.idleMonthly <= line.monthly && line.monthly <= line.worstMonthly),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
