import { entriesOf } from "../entries";
import { undecided, violation } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { readsOf, SETTING_TYPES } from "./buckets";

/** Over lifecycle configurations; `storage-bucket-settings` finds the buckets that have none. */
export const lifecycle = resourceRule({
  id: "storage-lifecycle",
  title: "Lifecycle rules that work",
  sentence: "Every lifecycle configuration has at least one rule that is enabled.",
  severity: "low",
  level: "production",
  group: "storage",
  standards: ["S3.10", "S3.13"],
  remediation: "Enable a rule, for instance one that aborts unfinished uploads and expires old versions.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
  reads: readsOf(SETTING_TYPES.lifecycle, ["rules"]),
  check: ({ properties }) => {
    const statuses = entriesOf(properties.rules, "rules").map(({ value }) =>
      value === UNKNOWN ? UNKNOWN : at(value, "status"),
    );
    if (statuses.includes("Enabled")) return [];
    if (statuses.includes(UNKNOWN)) return [undecided("rules[].status")];
    const what =
      statuses.length === 0
        ? "rules is empty"
        : `none of the ${statuses.length} rules has the status "Enabled"`;
    return [
      violation(
        `${what}, so nothing ever expires. Enable a rule, for instance one that aborts unfinished uploads and expires old versions.`,
      ),
    ];
  },
});
