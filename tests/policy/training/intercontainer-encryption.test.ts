import { intercontainerEncryption } from "../../../policy/training/intercontainer-encryption";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const on = (resourceConfig: object, enableInterContainerTrafficEncryption?: unknown) => ({
  resourceConfig,
  enableInterContainerTrafficEncryption,
});

describeRuleWithUnknowns(intercontainerEncryption, {
  pass: [
    { title: "two instances with encryption", type: TRAINING, props: on({ instanceCount: 2 }, true) },
    {
      title: "one instance, which has no such traffic",
      type: TRAINING,
      props: on({ instanceCount: 1 }, false),
    },
    {
      title: "trials on one instance each",
      type: TUNING,
      props: { trainingJobDefinition: on({ instanceCount: 1 }) },
    },
    {
      title: "alternatives of one instance each",
      type: TUNING,
      props: {
        trainingJobDefinition: {
          hyperParameterTuningResourceConfig: {
            instanceConfigs: [{ instanceCount: 1 }, { instanceCount: 1 }],
          },
        },
      },
    },
  ],
  violate: [
    {
      title: "two instances without encryption",
      type: TRAINING,
      props: on({ instanceCount: 2 }, false),
      says: /enableInterContainerTrafficEncryption is false on 2 instances; only true is allowed/,
    },
    {
      title: "two instances and nothing said",
      type: TRAINING,
      props: on({ instanceCount: "2" }),
      says: /is not set on 2 instances/,
    },
    {
      title: "two groups of one instance",
      type: TRAINING,
      props: on({ instanceGroups: [{ instanceCount: 1 }, { instanceCount: 1 }] }, false),
      says: /on 2 instances/,
    },
    {
      title: "an alternative of four instances",
      type: TUNING,
      props: {
        trainingJobDefinition: {
          hyperParameterTuningResourceConfig: {
            instanceConfigs: [{ instanceCount: 1 }, { instanceCount: 4 }],
          },
        },
      },
      says: /trainingJobDefinition\.enableInterContainerTrafficEncryption is not set on 4 instances/,
    },
  ],
});
