import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { BUCKETS, readsOf, SETTING_TYPES } from "./buckets";

const PATH = "rule.objectOwnership";
const ENFORCED = "BucketOwnerEnforced";

/** Over ownership controls and ACLs. A bucket without controls has AWS's default, which is that ACLs are off (since April 2023). */
export const aclsOff = resourceRule({
  id: "storage-acls-off",
  title: "No access control lists",
  sentence: "No bucket uses access control lists: its policy alone says who may do what.",
  severity: "medium",
  level: "production",
  group: "storage",
  standards: ["S3.12"],
  remediation: `Set ${PATH} to ${ENFORCED}, leave ACLs out, and grant access in the bucket's policy.`,
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  reads: {
    ...readsOf(SETTING_TYPES.ownership, ["rule"]),
    ...readsOf(SETTING_TYPES.acl, ["bucket"]),
    ...readsOf(BUCKETS, ["acl", "grants"]),
  },
  check: ({ type, properties }) => {
    if ((SETTING_TYPES.acl as readonly string[]).includes(type)) {
      return [
        violation("This resource is an access control list. Leave it out, and use the bucket's policy."),
      ];
    }
    if ((SETTING_TYPES.ownership as readonly string[]).includes(type)) {
      const value = at(properties.rule, "objectOwnership");
      if (value === UNKNOWN) return [undecided(PATH)];
      if (value === ENFORCED) return [];
      return [
        violation(
          `${PATH} is ${shown(value)}, which lets ACLs work; only "${ENFORCED}" is allowed. Set it to that.`,
        ),
      ];
    }
    const { acl, grants } = properties;
    if (acl === UNKNOWN) return [undecided("acl")];
    if (grants === UNKNOWN) return [undecided("grants")];
    // "private" is what a bucket has anyway.
    const used = [
      ...(typeof acl === "string" && acl !== "" && acl !== "private" ? ["acl"] : []),
      ...(Array.isArray(grants) && grants.length > 0 ? ["grants"] : []),
    ];
    return used.map((name) =>
      violation(`${name} makes an access control list. Leave it out, and use the bucket's policy.`),
    );
  },
});
