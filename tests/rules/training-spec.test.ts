import assert from "node:assert/strict";
import { imagesSection, job, tuningJob } from "../../infra/config/schema/training";
import { trainingJobName } from "../../infra/rules/job-name";
import { codeKey, type TrainingInputs, trainingJobSpec, trialSpec } from "../../infra/rules/training-spec";

const inputs: TrainingInputs = {
  place: {
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    region: "eu-west-1",
    accountId: "123456789012",
  },
  image: imagesSection.parse({}).training,
  data: { prefix: "dogImages/", pretrainedPrefix: "pretrained/" },
  manifestDigest: "a".repeat(64),
  codeDigest: "b".repeat(64),
};
const cpu = { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60 };
const spec = (section: object, changed: Partial<TrainingInputs> = {}) =>
  trainingJobSpec(job.parse({ ...cpu, ...section }), { ...inputs, ...changed });

describe("trainingJobSpec", () => {
  it("takes the image for GPUs, and torchrun, where the instances call for them", () => {
    const layer4 = { hyperparameters: { fineTune: "layer4" } };
    const table: [section: object, image: RegExp, torchrun: "true" | undefined, profiles: boolean][] = [
      [{}, /pytorch:2\.13-cpu-/, undefined, false],
      [{ instanceCount: 2, ...layer4 }, /pytorch:2\.13-cpu-/, "true", false],
      [{ instanceType: "ml.g4dn.xlarge" }, /pytorch:2\.13-cu133-/, undefined, true],
      [{ instanceType: "ml.g4dn.12xlarge" }, /pytorch:2\.13-cu133-/, "true", true],
    ];
    for (const [section, image, torchrun, profiles] of table) {
      const made = spec(section);
      assert.match(made.trainingImage, image);
      assert.equal(made.hyperParameters.sagemaker_torch_distributed_enabled, torchrun);
      assert.equal(made.profiles, profiles);
    }
  });

  it("encrypts traffic between instances, where there are several", () => {
    const several = { instanceCount: 2, hyperparameters: { fineTune: "full" } };

    assert.equal(spec({}).enableInterContainerTrafficEncryption, false);
    assert.equal(spec(several).enableInterContainerTrafficEncryption, true);
  });

  it("streams the images where asked to, and never the code or the weights", () => {
    assert.deepEqual(
      spec({ inputMode: "FastFile" }).channels.map(({ channelName, bucket, prefix, inputMode }) => [
        channelName,
        bucket,
        prefix,
        inputMode,
      ]),
      [
        ["training", "data", "dogImages/", "FastFile"],
        ["pretrained", "data", "pretrained/", "File"],
        ["code", "output", `code/${"b".repeat(64)}/`, "File"],
      ],
    );
  });

  it("differs in whatever makes another job", () => {
    const specs = [
      spec({}),
      spec({ maxRuntimeMinutes: 61 }),
      spec({ instanceType: "ml.m5.2xlarge" }),
      spec({ instanceCount: 2, hyperparameters: { fineTune: "layer4" } }),
      spec({ volumeSizeGiB: 31 }),
      spec({ volumeEncryption: "kms" }),
      spec({ inputMode: "FastFile" }),
      spec({ retryAttempts: 3 }),
      spec({ market: { kind: "spot", maxWaitMinutes: 60 } }),
      spec({ market: { kind: "spot", maxWaitMinutes: 61 } }),
      ...[
        { fineTune: "full" },
        { epochs: 21 },
        { batchSize: 65 },
        { learningRate: 0.002 },
        { patience: 4 },
        { seed: 2 },
      ].map((hyperparameters) => spec({ hyperparameters })),
      spec({}, { manifestDigest: "c".repeat(64) }),
      spec({}, { codeDigest: "c".repeat(64) }),
      spec({}, { data: { prefix: "other/", pretrainedPrefix: "pretrained/" } }),
      spec({}, { data: { prefix: "dogImages/", pretrainedPrefix: "other/" } }),
      spec({}, { image: { ...inputs.image, cpu: `sha256:${"0".repeat(64)}` } }),
    ];

    assert.equal(new Set(specs.map((made) => trainingJobName("b", made))).size, specs.length);
    assert.equal(trainingJobName("b", spec({})), trainingJobName("b", spec({})));
  });

  it("passes small numbers as text that Python reads", () => {
    assert.equal(
      spec({ hyperparameters: { learningRate: 0.000001 } }).hyperParameters.learning_rate,
      "0.000001",
    );
  });
});

describe("trialSpec", () => {
  const trial = (section: object = {}) =>
    trialSpec(tuningJob.parse({ ...cpu, maxJobs: 10, ...section }), inputs).hyperParameters;

  it("leaves to the search what is searched", () => {
    assert.equal(trial().learning_rate, undefined);
    assert.equal(trial().batch_size, undefined);
    assert.equal(trial().epochs, "20");
  });

  it("fixes the batch size where there is only one", () => {
    assert.equal(trial({ batchSizes: [48] }).batch_size, "48");
  });
});

describe("codeKey", () => {
  it("is the digest below code/", () => {
    assert.equal(codeKey("d".repeat(64)), `code/${"d".repeat(64)}/sourcedir.tar.gz`);
  });
});
