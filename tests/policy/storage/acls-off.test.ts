import { aclsOff } from "../../../policy/storage/acls-off";
import { describeRule } from "../../support/rule-cases";

const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const BUCKET = "aws:s3/bucket:Bucket";

describeRule(aclsOff, {
  pass: [
    {
      title: "the owner enforced",
      type: OWNERSHIP,
      props: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    },
    { title: "a bucket without ACLs", type: BUCKET, props: {} },
    {
      title: "a bucket that is private, as it is anyway",
      type: BUCKET,
      props: { acl: "private", grants: [] },
    },
  ],
  violate: [
    {
      title: "the owner preferred",
      type: OWNERSHIP,
      props: { rule: { objectOwnership: "BucketOwnerPreferred" } },
      says: /rule\.objectOwnership is "BucketOwnerPreferred", .* only "BucketOwnerEnforced" is allowed/,
    },
    { title: "no ownership", type: OWNERSHIP, props: { rule: {} }, says: /objectOwnership is not set/ },
    ...["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"].map((type) => ({
      title: type,
      type,
      props: { bucket: "data", acl: "private" },
      says: /is an access control list\. Leave it out/,
    })),
    {
      title: "an inline ACL",
      type: BUCKET,
      props: { acl: "log-delivery-write" },
      says: /acl makes an access/,
    },
    {
      title: "inline grants of the deprecated class",
      type: "aws:s3/bucketV2:BucketV2",
      props: { grants: [{ type: "CanonicalUser" }] },
      says: /grants makes an access/,
    },
  ],
});
