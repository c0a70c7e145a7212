import { type Finding, violation } from "../findings";
import { type StackSubject, stackRule } from "../rule";
import { asList, asObject } from "../values";
import { type Given, joinPrincipals, PRINCIPAL_READS, type Principal } from "./principals";

const REMEDY =
  "Keep one way of attaching for each principal: single attachments, or one resource that owns the whole list.";

/**
 * Two resources that both think they own a principal's policies undo each other at every update: `managedPolicyArns` of a role or an
 * …AttachmentsExclusive against single attachments that it does not list, `inlinePolicies` of a role against RolePolicy, and
 * PolicyAttachment, which owns all attachments of its policy, against any other attachment of it.
 */
export const singleManager = stackRule({
  id: "iam-single-manager",
  title: "One manager for a principal's policies",
  sentence: "No two resources manage the same policies of a role, user or group and undo each other.",
  severity: "medium",
  level: "advisory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html",
  reads: PRINCIPAL_READS,
  check: (resources) => {
    const { all } = joinPrincipals(resources);
    return [...all.flatMap(twoManagers), ...ownedAlone(all)];
  },
});

function twoManagers(principal: Principal): readonly Finding[] {
  const { attachments, documents, resource } = principal;
  const single = attachments.filter(({ by }) => by !== resource && !isExclusive(by));
  const isOfRole = (given: Given) => given.by === resource;
  return [
    ...undone(
      principal,
      attachments.filter(({ by }) => isExclusive(by)),
      single,
      arnOf,
      "attached policies",
    ),
    ...undone(
      principal,
      ownOnly(attachments.filter(isOfRole), single, arnOf),
      single,
      arnOf,
      "attached policies",
    ),
    ...undone(
      principal,
      ownOnly(inlineOf(documents.filter(isOfRole)), documents, nameOf),
      documents.filter((given) => !isOfRole(given)),
      nameOf,
      "inline policies",
    ),
  ];
}

/** A conflict, if the owner's list lacks what others add. What is not known is not told to be lacking. */
function undone(
  principal: Principal,
  owned: readonly Given[],
  others: readonly Given[],
  keyOf: (given: Given) => string | undefined,
  what: string,
): readonly Finding[] {
  const [owner] = owned;
  const listed = new Set(owned.map(keyOf));
  const lost = others.filter((given) => keyOf(given) !== undefined && !listed.has(keyOf(given)));
  return owner === undefined || lost.length === 0 ? [] : [conflict(principal, owner, lost, what)];
}

/**
 * The lists of a role as it is managed by them; none if each entry is one that others add. The provider reads both lists back from AWS, so
 * that a role whose program sets neither shows there what others have attached.
 */
function ownOnly(
  listed: readonly Given[],
  others: readonly Given[],
  keyOf: (given: Given) => string | undefined,
): readonly Given[] {
  const added = new Set(others.filter(({ by }) => by !== listed[0]?.by).map(keyOf));
  return listed.every((given) => added.has(keyOf(given))) ? [] : listed;
}

function arnOf({ found: { value } }: Given): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The name of an inline policy: of its own resource, or in the role's list. */
function nameOf({ by, found }: Given): string | undefined {
  const index = /^inlinePolicies\[(\d+)\]/.exec(found.path)?.[1];
  const name =
    index === undefined
      ? by.properties.name
      : asObject(asList(by.properties.inlinePolicies)[Number(index)])?.name;
  return typeof name === "string" ? name : undefined;
}

function inlineOf(documents: readonly Given[]): readonly Given[] {
  return documents.filter(({ found }) => found.path.startsWith("inlinePolicies"));
}

function conflict({ kind, name }: Principal, owner: Given, others: readonly Given[], what: string): Finding {
  const adding = [...new Set(others.map(({ by }) => `"${by.name}"`))];
  const shown =
    adding.length > 3 ? `${adding.slice(0, 3).join(", ")} and ${adding.length - 3} more` : adding.join(", ");
  return violation(
    `The ${what} of the ${kind} "${name}" have two managers: ${owner.found.path} of "${owner.by.name}" owns them all and removes what ${shown} ${adding.length === 1 ? "adds" : "add"}. ${REMEDY}`,
    owner.by.urn,
  );
}

/** PolicyAttachment removes its policy from every principal that it does not list itself. */
function ownedAlone(all: readonly Principal[]): readonly Finding[] {
  const attachments = all.flatMap((principal) => principal.attachments);
  const owners = new Map(
    attachments
      .filter(({ by }) => by.type === "aws:iam/policyAttachment:PolicyAttachment")
      .map((given) => [given.by.urn, given]),
  );
  return [...owners.values()].flatMap((owner) => {
    const others = attachments.filter(
      (given) =>
        given.by.urn !== owner.by.urn && policyOf(given) !== undefined && policyOf(given) === policyOf(owner),
    );
    const names = [...new Set(others.map(({ by }) => `"${by.name}"`))];
    if (names.length === 0) return [];
    return [
      violation(
        `"${owner.by.name}" is a PolicyAttachment, which owns every attachment of its policy and removes what ${names.slice(0, 3).join(", ")} ${names.length === 1 ? "adds" : "add"}. Use RolePolicyAttachment, UserPolicyAttachment or GroupPolicyAttachment instead.`,
        owner.by.urn,
      ),
    ];
  });
}

function policyOf({ found, policy }: Principal["attachments"][number]): string | undefined {
  return policy?.urn ?? (typeof found.value === "string" ? found.value : undefined);
}

function isExclusive({ type }: StackSubject): boolean {
  return type.endsWith("PolicyAttachmentsExclusive");
}
