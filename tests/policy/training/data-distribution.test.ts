import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dataDistribution } from "../../../policy/training/data-distribution";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { diagnose } from "../../support/rule-cases";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const channel = (s3DataDistributionType?: unknown) => ({
  channelName: "training",
  dataSource: { s3DataSource: { s3Uri: "s3://data/", s3DataDistributionType } },
});
const job = (instanceCount: unknown, ...inputDataConfigs: unknown[]) => ({
  resourceConfig: { instanceCount },
  inputDataConfigs,
});

describeRuleWithUnknowns(dataDistribution, {
  pass: [
    { title: "all of the data on each instance", type: TRAINING, props: job(2, channel("FullyReplicated")) },
    {
      title: "a part of the data on each instance",
      type: TRAINING,
      props: job(2, channel("ShardedByS3Key")),
    },
    { title: "one instance", type: TRAINING, props: job(1, channel()) },
    {
      title: "a file system, which is no matter of distribution",
      type: TRAINING,
      props: job(2, { dataSource: { fileSystemDataSource: { fileSystemId: "fs-1" } } }),
    },
    { title: "trials", type: TUNING, props: { trainingJobDefinition: job(2, channel("FullyReplicated")) } },
  ],
  violate: [
    {
      title: "a channel that says nothing on two instances",
      type: TRAINING,
      props: job(2, channel("FullyReplicated"), channel()),
      says: /inputDataConfigs\[1\]\.dataSource\.s3DataSource\.s3DataDistributionType is not set on several instances/,
    },
    {
      title: "a word that AWS does not know",
      type: TRAINING,
      props: job(2, channel("Sharded")),
      says: /is "Sharded" on several/,
    },
    {
      title: "trials on two instances",
      type: TUNING,
      props: { trainingJobDefinition: job(2, channel()) },
      says: /trainingJobDefinition\.inputDataConfigs\[0\]/,
    },
  ],
});

describe("training-data-distribution and an unknown number of instances", () => {
  it("asks nothing where each channel says how it is shared out", async () => {
    const props = job(UNKNOWN_STRING, channel("FullyReplicated"));

    assert.deepEqual(await diagnose(dataDistribution, { type: TRAINING, props }), []);
  });
});
