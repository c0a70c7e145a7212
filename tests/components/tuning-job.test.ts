import assert from "node:assert/strict";
import { TuningJob } from "../../infra/components/tuning-job";
import { tuningJob as schema } from "../../infra/config/schema/training";
import { metricDefinitions } from "../../infra/rules/metrics";
import { tuningSearch } from "../../infra/rules/tuning-search";
import { type FoundationOptions, foundation } from "../support/foundation";
import { only, type Recorded, recordResources } from "../support/mocks";

const section = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, maxJobs: 10 };

async function record(
  changed: object = {},
  options: FoundationOptions = {},
): Promise<{ job: Recorded; name: string }> {
  let name = "";
  const tuning = { ...section, ...changed };
  const resources = await recordResources(() => {
    const { config, ...placement } = foundation({ ...options, tuning: { search: tuning } });
    const job = new TuningJob("search", {
      ...placement,
      config,
      jobKey: "search",
      tuning: schema.parse(tuning),
      manifestDigest: "1".repeat(64),
    });
    name = job.jobName;
  });
  return { job: only(resources, "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"), name };
}

describe("TuningJob", () => {
  it("searches what the rules say, with trials that are like training jobs", async () => {
    const { job, name } = await record();

    assert.match(name, /^sagemaker-ops-dev-searc-[0-9a-f]{8}$/);
    assert.equal(job.name, name);
    const { inputDataConfigs, ...trial } = job.inputs.trainingJobDefinition;
    assert.deepEqual(job.inputs.config, tuningSearch(schema.parse(section)));
    assert.deepEqual(trial, {
      roleArn: "arn:aws:iam::123456789012:role/jobs",
      enableNetworkIsolation: true,
      enableInterContainerTrafficEncryption: false,
      enableManagedSpotTraining: false,
      outputDataConfig: { s3OutputPath: "s3://storage-output/jobs/" },
      resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1, volumeSizeInGb: 30 },
      stoppingCondition: { maxRuntimeInSeconds: 3600 },
      algorithmSpecification: {
        trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cpu-amzn2023-sagemaker",
        trainingInputMode: "File",
        metricDefinitions,
      },
      staticHyperParameters: {
        fine_tune: "head",
        epochs: "20",
        patience: "3",
        seed: "1",
        sagemaker_program: "train.py",
        sagemaker_submit_directory: "/opt/ml/input/data/code/sourcedir.tar.gz",
      },
      retryStrategies: [{ maximumRetryAttempts: 2 }],
    });
    assert.deepEqual(
      inputDataConfigs.map(({ channelName }: { channelName: string }) => channelName),
      ["training", "pretrained", "code"],
    );
  });

  it("is another search for another range, and the same one in another network", async () => {
    const { name, job } = await record();

    assert.equal((await record({}, { network: true, kms: true })).name, name);
    assert.notEqual((await record({ learningRate: { min: 0.001, max: 0.01 } })).name, name);
    assert.notEqual((await record({ maxJobs: 11 })).name, name);
    assert.ok(job.options.ignoreChanges.every((path) => path.startsWith("trainingJobDefinition.")));
  });

  it("keeps checkpoints of spot trials, in the VPC where there is one", async () => {
    const { job, name } = await record({ market: { kind: "spot", maxWaitMinutes: 90 } }, { network: true });

    const trial = job.inputs.trainingJobDefinition;
    assert.equal(trial.checkpointConfig.s3Uri, `s3://storage-output/checkpoints/${name}/`);
    assert.equal(trial.stoppingCondition.maxWaitTimeInSeconds, 5400);
    assert.deepEqual(trial.vpcConfig, {
      subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      securityGroupIds: ["network-workload-id"],
    });
  });

  it("starts only when role, code and buckets are ready", async () => {
    const { job } = await record();

    for (const dependency of ["jobs-permissions", "code", "storage-data-lifecycle"]) {
      assert.ok(job.dependencies.includes(dependency), dependency);
    }
  });
});
