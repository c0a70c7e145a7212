import { containerImagePinned } from "../../../policy/endpoint/container-image-pinned";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const MODEL = "aws:sagemaker/model:Model";
const NATIVE = "aws-native:sagemaker:Model";

const REPOSITORY = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference";
const DIGEST = `@sha256:${"0a".repeat(32)}`;
const model = (image: unknown) => ({ primaryContainer: { image } });

describeRuleWithUnknowns(containerImagePinned, {
  pass: [
    { title: "an empty image, which AWS refuses itself", type: MODEL, props: model("") },
    { title: "a digest", type: MODEL, props: model(`${REPOSITORY}${DIGEST}`) },
    {
      title: "a moving tag beside a digest, which decides",
      type: MODEL,
      props: model(`${REPOSITORY}:latest${DIGEST}`),
    },
    {
      title: "a tag that stays",
      type: MODEL,
      props: model(`${REPOSITORY}:2.6.0-cpu-py312-ubuntu22.04-sagemaker-v1.4`),
    },
    {
      title: "a model package, which names no image",
      type: MODEL,
      props: { primaryContainer: { modelPackageName: "p" } },
    },
    {
      title: "a pipeline of aws-native",
      type: NATIVE,
      props: { containers: [{ image: `${REPOSITORY}:1.2.3` }] },
    },
    {
      title: "a moving tag that the settings allow",
      type: MODEL,
      props: model("r/i:stable"),
      settings: { movingTags: ["^latest$"] },
    },
    {
      title: "a digest where digests are asked for",
      type: MODEL,
      props: model(`r/i${DIGEST}`),
      settings: { pin: "digest" },
    },
  ],
  violate: [
    {
      title: "an image that is no text",
      type: MODEL,
      props: model(17),
      says: /primaryContainer\.image is no text/,
    },
    {
      title: "the tag latest",
      type: MODEL,
      props: model(`${REPOSITORY}:latest`),
      says: /primaryContainer\.image is ".*pytorch-inference:latest", and the tag "latest" moves from image to image\. Name the image by its digest/,
    },
    {
      title: "a tag that ends in latest",
      type: MODEL,
      props: model(`${REPOSITORY}:2.6-gpu-latest`),
      says: /"2\.6-gpu-latest" moves/,
    },
    {
      title: "no tag",
      type: MODEL,
      props: model(REPOSITORY),
      says: /without a tag, which means the moving tag latest/,
    },
    {
      title: "no tag behind a registry's port",
      type: MODEL,
      props: model("registry.example:5000/image"),
      says: /without a tag/,
    },
    {
      title: "the second container of a pipeline of aws-native",
      type: NATIVE,
      props: { containers: [{ image: `r/i${DIGEST}` }, { image: "r/i:PROD" }] },
      says: /containers\[1\]\.image is "r\/i:PROD"/,
    },
    {
      title: "a tag where digests are asked for",
      type: MODEL,
      props: model("r/i:1.2.3"),
      settings: { pin: "digest" },
      says: /has no digest, and pin is "digest"/,
    },
    {
      title: "a setting that is no regular expression, and holds to the default",
      type: MODEL,
      props: model("r/i:latest"),
      settings: { movingTags: ["("] },
      says: /wrong: movingTags is not a list, each of it a regular expression[\s\S]*"latest" moves/,
    },
  ],
});
