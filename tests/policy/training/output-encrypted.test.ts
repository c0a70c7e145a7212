import { outputEncrypted } from "../../../policy/training/output-encrypted";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const output = (kmsKeyId: unknown) => ({ outputDataConfig: { s3OutputPath: "s3://out", kmsKeyId } });

describeRuleWithUnknowns(outputEncrypted, {
  pass: [
    { title: "a key", type: TRAINING, props: output("alias/out") },
    { title: "a key of trials", type: TUNING, props: { trainingJobDefinition: output("alias/out") } },
  ],
  violate: [
    {
      title: "no key",
      type: TRAINING,
      props: output(undefined),
      says: /outputDataConfig\.kmsKeyId names no key\. Set outputDataConfig\.kmsKeyId to a key of the account/,
    },
    {
      title: "an empty key of trials",
      type: TUNING,
      props: { trainingJobDefinitions: [output("alias/out"), output("")] },
      says: /trainingJobDefinitions\[1\]\.outputDataConfig\.kmsKeyId names no key/,
    },
  ],
});
