import { entriesOf } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { type Properties, UNKNOWN } from "../values";
import { BUCKETS, readsOf, SETTING_TYPES } from "./buckets";

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const BLOCKS: readonly string[] = [...SETTING_TYPES.publicAccessBlock, ACCOUNT];

const PUBLIC_ACLS = ["public-read", "public-read-write", "authenticated-read"];

// The predefined groups of everybody and of everybody with an AWS account.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
const EVERYBODY = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

const REMEDY = "Set all four of them to true; a page for the public belongs behind CloudFront.";

/**
 * Over the blocks of buckets and of the account, and over ACLs. A bucket without a block of its own has AWS's default, which is to block
 * (since April 2023); `storage-bucket-settings` asks for the block all the same, since only then does a deployment set it right again.
 */
export const publicAccessBlocked = resourceRule({
  id: "storage-public-access-blocked",
  title: "Public access blocked",
  sentence: "No bucket, and no account, lets a policy or an ACL open a bucket to the public.",
  severity: "critical",
  level: "mandatory",
  group: "storage",
  standards: ["S3.1", "S3.8"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  reads: {
    ...readsOf(BLOCKS, FLAGS),
    ...readsOf(SETTING_TYPES.acl, ["acl", "accessControlPolicy"]),
    ...readsOf(BUCKETS, ["acl", "grants"]),
  },
  check: ({ type, properties }) =>
    BLOCKS.includes(type)
      ? FLAGS.flatMap((name) => flagFinding(name, properties[name]))
      : [...canned(properties), ...granted(properties)],
});

// The provider sends false for a flag that is left out.
function flagFinding(name: string, value: unknown): readonly Finding[] {
  switch (truth(value)) {
    case "true":
      return [];
    case "unknown":
      return [undecided(name)];
    case "missing":
      return [violation(`${name} is not set, which means false; only true is allowed. ${REMEDY}`)];
    case "false":
      return [violation(`${name} is false; only true is allowed. ${REMEDY}`)];
    case "invalid":
      return [violation(`${name} is neither true nor false. ${REMEDY}`)];
  }
}

function canned({ acl }: Properties): readonly Finding[] {
  if (acl === UNKNOWN) return [undecided("acl")];
  if (typeof acl !== "string" || !PUBLIC_ACLS.includes(acl)) return [];
  return [violation(`acl is ${acl}, which lets everybody in. Leave it out: the owner has access without.`)];
}

function granted({ accessControlPolicy, grants }: Properties): readonly Finding[] {
  const listed = [
    ...entriesOf(at(accessControlPolicy, "grants"), "accessControlPolicy.grants").map(({ path, value }) => ({
      path: `${path}.grantee.uri`,
      uri: at(value, "grantee.uri"),
    })),
    ...entriesOf(grants, "grants").map(({ path, value }) => ({ path: `${path}.uri`, uri: at(value, "uri") })),
  ];
  return listed.flatMap(({ path, uri }) => {
    if (uri === UNKNOWN) return [undecided(path)];
    const group = typeof uri === "string" ? EVERYBODY.exec(uri.trim())?.[1] : undefined;
    return group === undefined ? [] : [violation(`${path} grants access to ${group}. Leave the grant out.`)];
  });
}
