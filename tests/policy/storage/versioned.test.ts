import { versioned } from "../../../policy/storage/versioned";
import { describeRule } from "../../support/rule-cases";

const TYPES = ["aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2"];

describeRule(versioned, {
  pass: TYPES.map((type) => ({
    title: type,
    type,
    props: { bucket: "data", versioningConfiguration: { status: "Enabled" } },
  })),
  violate: TYPES.flatMap((type) =>
    ["Suspended", "Disabled", "enabled"].map((status) => ({
      title: `${type}: ${status}`,
      type,
      props: { bucket: "data", versioningConfiguration: { status } },
      says: new RegExp(
        `versioningConfiguration\\.status is "${status}"; only "Enabled" is allowed\\. Set it`,
      ),
    })),
  ),
});
