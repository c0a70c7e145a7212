import { imageFindings, imagePinning } from "../container-image";
import { undecided } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { jobReads, jobsOf } from "./jobs";

const PATH = "algorithmSpecification.trainingImage";

export const imagePinned = resourceRule({
  id: "training-image-pinned",
  title: "Training images that stay the same",
  sentence:
    "Every job names its image by a digest or a tag that stays, so that the same inputs give the same model again.",
  severity: "medium",
  level: "mandatory",
  group: "training",
  remediation:
    "Name the image by its digest (registry/repository@sha256:…), or by a tag that is never moved.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  reads: jobReads("algorithmSpecification"),
  fields: imagePinning,
  check: ({ type, properties }, settings) =>
    jobsOf(type, properties).flatMap(({ prefix, path, properties: job }) =>
      job === UNKNOWN ? [undecided(path)] : imageFindings(`${prefix}${PATH}`, at(job, PATH), settings),
    ),
});
