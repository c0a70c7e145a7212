import assert from "node:assert/strict";
import { TrainingJob } from "../../infra/components/training-job";
import { job as schema } from "../../infra/config/schema/training";
import { metricDefinitions } from "../../infra/rules/metrics";
import { type FoundationOptions, foundation } from "../support/foundation";
import { countByType, only, type Recorded, recordResources } from "../support/mocks";

const jobType = "aws:sagemaker/trainingJob:TrainingJob";
const manifestDigest = "1".repeat(64);
const cpu = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 120 };
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/storage-key";

async function record(
  section: object,
  options: FoundationOptions = {},
  manifest = manifestDigest,
): Promise<{ resources: Recorded[]; job: Recorded; name: string }> {
  let name = "";
  const all = await recordResources(() => {
    const { config, ...placement } = foundation({ ...options, jobs: { single: section } });
    const job = new TrainingJob("single", {
      ...placement,
      config,
      jobKey: "single",
      job: schema.parse(section),
      manifestDigest: manifest,
    });
    name = job.jobName;
  });
  const job = only(all, jobType);
  return { resources: all, job, name };
}

describe("TrainingJob", () => {
  it("declares everything that the service would otherwise choose", async () => {
    const { job, name } = await record(cpu);

    assert.match(name, /^sagemaker-ops-dev-single-[0-9a-f]{8}$/);
    assert.equal(job.name, name);
    const digest = /code\/([0-9a-f]{64})\//.exec(JSON.stringify(job.inputs))?.[1];
    const channel = (channelName: string, s3Uri: string) => ({
      channelName,
      inputMode: "File",
      dataSource: {
        s3DataSource: { s3DataType: "S3Prefix", s3Uri, s3DataDistributionType: "FullyReplicated" },
      },
    });
    assert.deepEqual(job.inputs, {
      trainingJobName: name,
      roleArn: "arn:aws:iam::123456789012:role/jobs",
      enableNetworkIsolation: true,
      enableInterContainerTrafficEncryption: false,
      enableManagedSpotTraining: false,
      inputDataConfigs: [
        channel("training", "s3://storage-data/dogImages/"),
        channel("pretrained", "s3://storage-data/pretrained/"),
        channel("code", `s3://storage-output/code/${digest}/`),
      ],
      outputDataConfig: { s3OutputPath: "s3://storage-output/jobs/" },
      resourceConfig: { instanceType: "ml.m5.xlarge", instanceCount: 1, volumeSizeInGb: 30 },
      stoppingCondition: { maxRuntimeInSeconds: 7200 },
      algorithmSpecification: {
        trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cpu-amzn2023-sagemaker",
        trainingInputMode: "File",
        metricDefinitions,
      },
      hyperParameters: {
        fine_tune: "head",
        epochs: "20",
        patience: "3",
        seed: "1",
        batch_size: "64",
        learning_rate: "0.001",
        sagemaker_program: "train.py",
        sagemaker_submit_directory: "/opt/ml/input/data/code/sourcedir.tar.gz",
      },
      retryStrategy: { maximumRetryAttempts: 2 },
      profilerConfig: { disableProfiler: true },
    });
  });

  it("runs torchrun on several instances, encrypted between them, and records how the GPU is used", async () => {
    const { job } = await record({
      instanceType: "ml.g4dn.xlarge",
      instanceCount: 2,
      maxRuntimeMinutes: 60,
      hyperparameters: { fineTune: "layer4" },
    });

    assert.equal(job.inputs.hyperParameters.sagemaker_torch_distributed_enabled, "true");
    assert.equal(job.inputs.enableInterContainerTrafficEncryption, true);
    assert.equal(
      job.inputs.algorithmSpecification.trainingImage,
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cu133-amzn2023-sagemaker",
    );
    assert.deepEqual(job.inputs.profilerConfig, {
      s3OutputPath: "s3://storage-output/jobs/",
      profilingIntervalInMilliseconds: 500,
    });
  });

  it("bounds a spot job's waiting and keeps its checkpoints under its own name", async () => {
    const { job, name } = await record({ ...cpu, market: { kind: "spot", maxWaitMinutes: 240 } });

    assert.equal(job.inputs.enableManagedSpotTraining, true);
    assert.deepEqual(job.inputs.stoppingCondition, {
      maxRuntimeInSeconds: 7200,
      maxWaitTimeInSeconds: 14_400,
    });
    assert.deepEqual(job.inputs.checkpointConfig, {
      localPath: "/opt/ml/checkpoints",
      s3Uri: `s3://storage-output/checkpoints/${name}/`,
    });
  });

  it("runs in the VPC where there is one, and touches no interfaces but its own when it goes", async () => {
    const { job } = await record(cpu, { network: true });

    assert.deepEqual(job.inputs.vpcConfig, {
      subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      securityGroupIds: ["network-workload-id"],
    });
    assert.equal(job.inputs.deleteVpcEnisOnDestroy, undefined);
  });

  it("encrypts results with the stack's key, and its volume only where that is asked for", async () => {
    const service = await record(cpu, { kms: true });
    const kms = await record({ ...cpu, volumeEncryption: "kms" }, { kms: true });

    assert.equal(service.job.inputs.outputDataConfig.kmsKeyId, keyArn);
    assert.equal(service.job.inputs.resourceConfig.volumeKmsKeyId, undefined);
    assert.equal(kms.job.inputs.resourceConfig.volumeKmsKeyId, keyArn);
  });

  it("is the same job for the same inputs, and another one for other data", async () => {
    const { name } = await record(cpu);

    assert.equal((await record(cpu)).name, name);
    assert.notEqual((await record(cpu, {}, "2".repeat(64))).name, name);
    assert.notEqual((await record({ ...cpu, hyperparameters: { seed: 2 } })).name, name);
  });

  it("is not another job in another network, nor with another key or role", async () => {
    const { job, name } = await record(cpu);

    assert.equal((await record(cpu, { network: true, kms: true })).name, name);
    assert.deepEqual(job.options.ignoreChanges, [
      "roleArn",
      "vpcConfig",
      "inputDataConfigs",
      "outputDataConfig",
      "checkpointConfig",
      "resourceConfig.volumeKmsKeyId",
      "profilerConfig.s3OutputPath",
    ]);
  });

  it("starts only when role, code and buckets are ready", async () => {
    const { job, resources } = await record(cpu);

    for (const dependency of [
      "jobs-permissions",
      "code",
      "storage-data-lifecycle",
      "storage-output-lifecycle",
    ]) {
      assert.ok(job.dependencies.includes(dependency), dependency);
    }
    assert.equal(countByType(resources)[jobType], 1);
  });
});
