import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { volumeCeiling } from "../../../policy/cost/volume-ceiling";
import { variant } from "../../support/cost-samples";
import { describeRule, diagnose } from "../../support/rule-cases";

const notebook = "aws:sagemaker/notebookInstance:NotebookInstance";
const configuration = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const training = "aws:sagemaker/trainingJob:TrainingJob";
const tuning = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";
const instance = "aws:ec2/instance:Instance";
const volume = "aws:ebs/volume:Volume";

const resourceConfig = { instanceType: "ml.m5.xlarge", instanceCount: 2, volumeSizeInGb: 100 };

describeRule(volumeCeiling, {
  pass: [
    {
      title: "a volume exactly at its ceiling",
      type: notebook,
      props: { volumeSize: 100 },
      settings: { monthlyUsd: 14 },
    },
    {
      title: "an endpoint without volumes of its own",
      type: configuration,
      props: { productionVariants: [variant()] },
    },
    {
      title: "an instance with the image's own root volume",
      type: instance,
      props: { instanceType: "t3.micro" },
    },
    {
      title: "a gp3 volume at its ceiling",
      type: volume,
      props: { size: 100, type: "gp3" },
      settings: { monthlyUsd: 8 },
    },
  ],
  violate: [
    {
      title: "a notebook's volume a cent above the ceiling, with its arithmetic",
      type: notebook,
      props: { volumeSize: 100 },
      settings: { monthlyUsd: 13.99 },
      says: /costs up to 14 USD a month; .* = 0\.01 too much\. Counted: the notebook 14 = 1 × 100 GB × 0\.14 USD a GB-month\. Make the volumes smaller or fewer, or change ceilings\.monthlyUsd/,
    },
    {
      title: "the volumes of every instance of an endpoint, shadow variants included",
      type: configuration,
      props: {
        productionVariants: [variant({ volumeSizeInGb: 100, initialInstanceCount: 2 })],
        shadowProductionVariants: [variant({ volumeSizeInGb: 100 })],
      },
      settings: { monthlyUsd: 41.99 },
      says: /42 − 41\.99 = 0\.01/,
    },
    {
      title: "the volumes of every instance of a job",
      type: training,
      props: { resourceConfig },
      settings: { monthlyUsd: 27.99 },
      says: /28 − 27\.99 = 0\.01 .*2 × 100 GB/,
    },
    {
      title: "the volumes of all jobs of a search that run at once",
      type: tuning,
      props: {
        config: { resourceLimits: { maxNumberOfTrainingJobs: 10, maxParallelTrainingJobs: 3 } },
        trainingJobDefinition: { resourceConfig },
      },
      settings: { monthlyUsd: 83.99 },
      says: /84 − 83\.99 = 0\.01 .*6 × 100 GB/,
    },
    {
      title: "all volumes of an instance",
      type: instance,
      props: {
        rootBlockDevice: { volumeType: "gp3", volumeSize: 100 },
        ebsBlockDevices: [{ volumeType: "gp3", volumeSize: 50 }],
      },
      settings: { monthlyUsd: 11.99 },
      says: /12 − 11\.99 = 0\.01/,
    },
    {
      title: "a volume of its own with more operations than are included",
      type: volume,
      props: { size: 100, type: "gp3", iops: 5000 },
      settings: { monthlyUsd: 17.99 },
      says: /18 − 17\.99 = 0\.01/,
    },
    {
      title: "a size that is no number",
      type: notebook,
      props: { volumeSize: "big" },
      says: /the volume size is not a number/,
    },
    {
      title: "a volume without a rate",
      type: notebook,
      props: { volumeSize: 10, region: "zz-nowhere-1" },
      says: /cannot be held against the ceiling .*no price table for region/,
    },
  ],
});

describe("cost-volume-ceiling", () => {
  for (const unpriced of ["estimate", "allow"]) {
    it(`mentions a volume without a rate where unpriced is "${unpriced}"`, async () => {
      const props = { volumeSize: 10, region: "zz-nowhere-1" };

      const found = await diagnose(volumeCeiling, { type: notebook, props, settings: { unpriced } });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
    });
  }
});
