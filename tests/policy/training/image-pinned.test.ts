import { imagePinned } from "../../../policy/training/image-pinned";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const image = (trainingImage: unknown) => ({
  algorithmSpecification: { trainingImage, trainingInputMode: "File" },
});

describeRuleWithUnknowns(imagePinned, {
  pass: [
    { title: "a tag that stays", type: TRAINING, props: image("r/pytorch:2.13-cpu-amzn2023-sagemaker") },
    { title: "a digest", type: TRAINING, props: image(`r/pytorch@sha256:${"0a".repeat(32)}`) },
    {
      title: "an algorithm of AWS by its name",
      type: TRAINING,
      props: { algorithmSpecification: { algorithmName: "a" } },
    },
    { title: "trials", type: TUNING, props: { trainingJobDefinition: image("r/pytorch:2.13") } },
  ],
  violate: [
    {
      title: "the tag latest",
      type: TRAINING,
      props: image("r/pytorch:latest"),
      says: /algorithmSpecification\.trainingImage is "r\/pytorch:latest", and the tag "latest" moves/,
    },
    {
      title: "no tag on trials",
      type: TUNING,
      props: { trainingJobDefinition: image("r/pytorch") },
      says: /trainingJobDefinition\.algorithmSpecification\.trainingImage is "r\/pytorch", without a tag/,
    },
    {
      title: "a tag where digests are asked for",
      type: TRAINING,
      props: image("r/pytorch:2.13"),
      settings: { pin: "digest" },
      says: /has no digest/,
    },
  ],
});
