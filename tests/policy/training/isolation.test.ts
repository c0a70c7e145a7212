import { isolation } from "../../../policy/training/isolation";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

describeRuleWithUnknowns(isolation, {
  pass: [
    { title: "an isolated job", type: TRAINING, props: { enableNetworkIsolation: true } },
    {
      title: "isolated trials",
      type: TUNING,
      props: { trainingJobDefinition: { enableNetworkIsolation: "true" } },
    },
  ],
  violate: [
    {
      title: "an open job",
      type: TRAINING,
      props: { enableNetworkIsolation: false },
      says: /enableNetworkIsolation is false; only true is allowed\. Set enableNetworkIsolation to true/,
    },
    {
      title: "a job that says nothing",
      type: TRAINING,
      props: {},
      says: /is not set, and AWS takes false for it/,
    },
    {
      title: "one of several kinds of trials",
      type: TUNING,
      props: { trainingJobDefinitions: [{ enableNetworkIsolation: true }, {}] },
      says: /trainingJobDefinitions\[1\]\.enableNetworkIsolation is not set/,
    },
  ],
});
