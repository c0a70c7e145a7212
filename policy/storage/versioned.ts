import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { readsOf, SETTING_TYPES } from "./buckets";

const PATH = "versioningConfiguration.status";

/** Over versioning configurations; `storage-bucket-settings` finds the buckets that have none. */
export const versioned = resourceRule({
  id: "storage-versioned",
  title: "Versioned buckets",
  sentence:
    "No bucket's versioning is suspended or off, so an overwritten or deleted object can be had back.",
  severity: "medium",
  level: "production",
  group: "storage",
  standards: ["S3.14"],
  remediation: `Set ${PATH} to Enabled, and let a lifecycle rule expire old versions.`,
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  reads: readsOf(SETTING_TYPES.versioning, ["versioningConfiguration"]),
  check: ({ properties }) => {
    const status = at(properties.versioningConfiguration, "status");
    if (status === UNKNOWN) return [undecided(PATH)];
    if (status === "Enabled") return [];
    return [
      violation(
        `${PATH} is ${shown(status)}; only "Enabled" is allowed. Set it, and let a lifecycle rule expire old versions.`,
      ),
    ];
  },
});
