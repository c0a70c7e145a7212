import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { publicAccessBlocked } from "../../../policy/storage/public-access-blocked";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const ACL = "aws:s3/bucketAcl:BucketAcl";
const BUCKET = "aws:s3/bucket:Bucket";

const blocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

const grant = (group: string) => ({
  grantee: { type: "Group", uri: `http://acs.amazonaws.com/groups/${group}` },
  permission: "READ",
});

describeRule(publicAccessBlocked, {
  pass: [
    { title: "a block of everything", type: BLOCK, props: { bucket: UNKNOWN_STRING, ...blocked } },
    { title: "an account's block of everything", type: ACCOUNT, props: blocked },
    {
      title: "a bucket without an ACL, which AWS blocks by default",
      type: BUCKET,
      props: { forceDestroy: false },
    },
    { title: "a private ACL", type: ACL, props: { bucket: "data", acl: "private" } },
    {
      title: "a grant to the log delivery group",
      type: ACL,
      props: { accessControlPolicy: { grants: [grant("s3/LogDelivery")], owner: { id: "1" } } },
    },
  ],
  violate: [
    {
      title: "a block with one flag off",
      type: BLOCK,
      props: { ...blocked, restrictPublicBuckets: false },
      says: /restrictPublicBuckets is false; only true is allowed\. Set all four/,
    },
    {
      title: "a block that leaves a flag out",
      type: BLOCK,
      props: { ...blocked, blockPublicPolicy: undefined },
      says: /blockPublicPolicy is not set, which means false/,
    },
    {
      title: "an empty block",
      type: ACCOUNT,
      props: {},
      says: /blockPublicAcls[\s\S]*restrictPublicBuckets/,
    },
    {
      title: "a public ACL",
      type: ACL,
      props: { acl: "public-read" },
      says: /acl is public-read, which lets/,
    },
    {
      title: "a public ACL of the deprecated class",
      type: "aws:s3/bucketV2:BucketV2",
      props: { acl: "authenticated-read" },
      says: /acl is authenticated-read/,
    },
    {
      title: "a grant to everybody",
      type: ACL,
      props: { accessControlPolicy: { grants: [grant("s3/LogDelivery"), grant("global/AllUsers")] } },
      says: /accessControlPolicy\.grants\[1\]\.grantee\.uri grants access to AllUsers/,
    },
    {
      title: "a bucket's own grant to everybody with an account",
      type: BUCKET,
      props: { grants: [{ uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" }] },
      says: /grants\[0\]\.uri grants access to AuthenticatedUsers/,
    },
  ],
  decidedWithout: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls"],
});

describe("storage-public-access-blocked", () => {
  it("looks at each flag by itself", async () => {
    for (const name of Object.keys(blocked)) {
      const [found, ...others] = await diagnose(publicAccessBlocked, {
        type: BLOCK,
        props: { ...blocked, [name]: false },
      });
      assert.deepEqual(others, []);
      assert.match(found?.message ?? "", new RegExp(`^.*\\n${name} is false`));
    }
  });
});
