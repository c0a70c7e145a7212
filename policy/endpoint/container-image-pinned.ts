import { imageFindings, imagePinning } from "../container-image";
import { undecided } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { containersOf } from "./containers";
import { modelReads } from "./reads";

export const containerImagePinned = resourceRule({
  id: "endpoint-container-image-pinned",
  title: "Serving images that stay the same",
  sentence:
    "Every model names its image by a digest or a tag that stays, so that a restart cannot bring another program.",
  severity: "medium",
  level: "mandatory",
  group: "endpoint",
  remediation:
    "Name the image by its digest (registry/repository@sha256:…), or by a tag that is never moved.",
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  reads: modelReads("primaryContainer", "containers"),
  fields: imagePinning,
  check: ({ properties }, settings) =>
    containersOf(properties).flatMap(({ path, value }) =>
      value === UNKNOWN ? [undecided(path)] : imageFindings(`${path}.image`, at(value, "image"), settings),
    ),
});
