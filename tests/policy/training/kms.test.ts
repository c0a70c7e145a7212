import { kms } from "../../../policy/training/kms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const KEY = "alias/jobs";
const on = (instanceType: unknown, changes = {}) => ({
  resourceConfig: { instanceType, instanceCount: 1, ...changes },
});

describeRuleWithUnknowns(kms, {
  pass: [
    { title: "a key", type: TRAINING, props: on("ml.m5.xlarge", { volumeKmsKeyId: KEY }) },
    { title: "local NVMe disks, which take no key", type: TRAINING, props: on("ml.g4dn.xlarge") },
    {
      title: "a job without instances of its own",
      type: TRAINING,
      props: { serverlessJobConfig: { jobType: "FineTuning" } },
    },
    {
      title: "trials with a key",
      type: TUNING,
      props: { trainingJobDefinition: on("ml.m5.xlarge", { volumeKmsKeyId: KEY }) },
    },
    {
      title: "groups of instances, one with such disks",
      type: TRAINING,
      props: {
        resourceConfig: {
          instanceGroups: [{ instanceType: "ml.m5.xlarge" }, { instanceType: "ml.p4d.24xlarge" }],
        },
      },
    },
  ],
  violate: [
    {
      title: "volumes without a key",
      type: TRAINING,
      props: on("ml.m5.xlarge"),
      says: /resourceConfig\.volumeKmsKeyId names no key, so the volumes are under a key of AWS/,
    },
    {
      title: "a key that AWS refuses",
      type: TRAINING,
      props: on("ml.g5.xlarge", { volumeKmsKeyId: KEY }),
      says: /resourceConfig\.volumeKmsKeyId is set, and resourceConfig\.instanceType is "ml\.g5\.xlarge": AWS refuses a key/,
    },
    {
      title: "groups of instances without a key",
      type: TRAINING,
      props: { resourceConfig: { instanceGroups: [{ instanceType: "ml.m5.xlarge" }] } },
      says: /names no key/,
    },
    {
      title: "trials under the other name for their resources",
      type: TUNING,
      props: {
        trainingJobDefinitions: [
          { hyperParameterTuningResourceConfig: { instanceConfigs: [{ instanceType: "ml.c5.xlarge" }] } },
        ],
      },
      says: /trainingJobDefinitions\[0\]\.hyperParameterTuningResourceConfig\.volumeKmsKeyId names no key/,
    },
  ],
});
