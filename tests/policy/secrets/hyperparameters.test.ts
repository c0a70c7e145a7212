import { hyperparameters } from "../../../policy/secrets/hyperparameters";
import { describeRule } from "../../support/rule-cases";
import { SECRET_SAMPLES } from "../../support/secret-samples";

const JOB = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const innocent = {
  learning_rate: "0.005831981479799012",
  batch_size: "64",
  tokenizer: '"bert-base-uncased"',
  max_tokens: "4096",
  sagemaker_submit_directory: '"s3://bucket/code/sourcedir.tar.gz"',
  manifest_sha256: "1233c53f526600169d81cdee0c21a9181dc112a23b233253c67b097c4f672d64",
};
const [, token = ""] = SECRET_SAMPLES.find(([kind]) => kind === "a Hugging Face token") ?? [];

describeRule(hyperparameters, {
  pass: [
    { title: "a training job's", type: JOB, props: { hyperParameters: innocent } },
    { title: "none", type: JOB, props: { roleArn: "arn:aws:iam::123456789012:role/training" } },
    {
      title: "a tuning job's",
      type: TUNING,
      props: { trainingJobDefinition: { staticHyperParameters: innocent } },
    },
    {
      title: "a name that is told to hold none",
      type: JOB,
      props: { hyperParameters: { token: "q7Xb2mZk9LdR5wTy" } },
      settings: { ignoredNames: ["token"] },
    },
  ],
  violate: [
    {
      title: "a token for the hub, in quotes of its own",
      type: JOB,
      props: { hyperParameters: { ...innocent, hub: JSON.stringify(token) } },
      says: /hyperParameters\.hub looks like a Hugging Face token, .* Keep it in Secrets Manager/,
    },
    {
      title: "a key by its name",
      type: JOB,
      props: { hyperParameters: { wandb_api_key: "0123456789abcdef0123456789abcdef01234567" } },
      says: /hyperParameters\.wandb_api_key looks like a secret key or token/,
    },
    {
      title: "a tuning job's",
      type: TUNING,
      props: { trainingJobDefinition: { staticHyperParameters: { password: "hunter2!" } } },
      says: /trainingJobDefinition\.staticHyperParameters\.password looks like a password/,
    },
    {
      title: "one definition of a tuning job",
      type: TUNING,
      props: { trainingJobDefinitions: [{ staticHyperParameters: { password: "hunter2!" } }] },
      says: /trainingJobDefinitions\[0\]\.staticHyperParameters\.password/,
    },
  ],
});
