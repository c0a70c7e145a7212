import type { Reads, StackSubject } from "../rule";
import { UNKNOWN } from "../values";
import { type Found, follow } from "./attached";

/** Which principals a resource is about, and what it gives them. */
interface Giving {
  readonly principals: readonly { readonly kind: PrincipalKind; readonly path: string }[];
  readonly documents?: readonly string[];
  readonly arns?: readonly string[];
}

export type PrincipalKind = "role" | "user" | "group";

const GIVING: Readonly<Record<string, Giving>> = {
  ...byKind((kind, Kind) => ({
    [`aws:iam/${kind}Policy:${Kind}Policy`]: { principals: [{ kind, path: kind }], documents: ["policy"] },
    [`aws:iam/${kind}PolicyAttachment:${Kind}PolicyAttachment`]: {
      principals: [{ kind, path: kind }],
      arns: ["policyArn"],
    },
    [`aws:iam/${kind}PolicyAttachmentsExclusive:${Kind}PolicyAttachmentsExclusive`]: {
      principals: [{ kind, path: `${kind}Name` }],
      arns: ["policyArns[]"],
    },
  })),
  "aws:iam/policyAttachment:PolicyAttachment": {
    principals: [
      { kind: "role", path: "roles[]" },
      { kind: "user", path: "users[]" },
      { kind: "group", path: "groups[]" },
    ],
    arns: ["policyArn"],
  },
};

const PRINCIPALS: Readonly<Record<string, PrincipalKind>> = {
  "aws:iam/role:Role": "role",
  "aws:iam/user:User": "user",
  "aws:iam/group:Group": "group",
};
export const POLICY = "aws:iam/policy:Policy";
const MEMBERSHIP = "aws:iam/userGroupMembership:UserGroupMembership";
const GROUP_MEMBERS = "aws:iam/groupMembership:GroupMembership";

/** What `joinPrincipals` needs. */
export const PRINCIPAL_READS: Reads = {
  ...Object.fromEntries(
    Object.entries(GIVING).map(([type, { principals, documents = [], arns = [] }]) => [
      type,
      [
        "name",
        ...[...principals.map(({ path }) => path), ...documents, ...arns].map((path) =>
          path.replace("[]", ""),
        ),
      ],
    ]),
  ),
  "aws:iam/role:Role": ["name", "arn", "managedPolicyArns", "inlinePolicies", "permissionsBoundary"],
  "aws:iam/user:User": ["name", "arn", "permissionsBoundary"],
  "aws:iam/group:Group": ["name", "arn"],
  [POLICY]: ["name", "arn", "path", "policy"],
  [MEMBERSHIP]: ["user", "groups"],
  [GROUP_MEMBERS]: ["group", "users"],
};

/** Something given to a principal. */
export interface Given {
  /** The resource that gives it. */
  readonly by: StackSubject;
  /** Where in that resource, with the value: a document, or the ARN of a policy. */
  readonly found: Found;
}

export interface Principal {
  readonly kind: PrincipalKind;
  /** Its name, else the name of its resource in the program. */
  readonly name: string;
  /** @default - it is not made by this program */
  readonly resource: StackSubject | undefined;
  readonly documents: readonly Given[];
  readonly attachments: readonly (Given & { readonly policy: StackSubject | undefined })[];
  /** Groups of a user. */
  readonly groups: readonly Principal[];
}

export interface Principals {
  readonly all: readonly Principal[];
  /** Properties that should say whom something is given to, while nothing tells. */
  readonly unknown: readonly { readonly by: StackSubject; readonly path: string }[];
}

interface Draft {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly resource: StackSubject | undefined;
  readonly documents: Given[];
  readonly attachments: (Given & { policy: StackSubject | undefined })[];
  readonly groups: Draft[];
}

/**
 * Puts together what a stack gives each principal. Resources are joined by name or ARN where those are known, and by the dependencies
 * of the property where they are not, as in a preview.
 */
export function joinPrincipals(resources: readonly StackSubject[]): Principals {
  const drafts = new Map<string, Draft>();
  const unknown: { by: StackSubject; path: string }[] = [];
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const named = new Map(
    resources.flatMap((resource) => {
      const kind = PRINCIPALS[resource.type];
      return kind === undefined
        ? []
        : [resource.properties.name, resource.properties.arn]
            .filter((name) => typeof name === "string")
            .map((name) => [`${kind} ${String(name)}`, resource] as const);
    }),
  );
  const policies = policyFinder(resources, byUrn);

  const draftOf = (kind: PrincipalKind, resource: StackSubject | undefined, name: string): Draft => {
    const key = `${kind} ${resource?.urn ?? name}`;
    const known = drafts.get(key);
    if (known !== undefined) return known;
    const draft = { kind, name, resource, documents: [], attachments: [], groups: [] };
    drafts.set(key, draft);
    return draft;
  };

  const principalsAt = (by: StackSubject, kind: PrincipalKind, path: string): readonly Draft[] => {
    const found = follow(by.properties, path);
    const texts = found.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
    const [property = path] = path.split("[]");
    const joined = targets(by, property, byUrn).filter(({ type }) => PRINCIPALS[type] === kind);
    const known = texts.map((text) => draftOf(kind, named.get(`${kind} ${text}`), text));
    if (found.every(({ value }) => typeof value === "string")) return known;

    // Which of the resources an unknown entry stands for does not matter: each gets it.
    const rest = joined.map((resource) => draftOf(kind, resource, nameOf(resource)));
    if (rest.length === 0 && found.some(({ value }) => value === UNKNOWN))
      unknown.push({ by, path: property });
    return [...new Set([...known, ...rest])];
  };

  for (const resource of resources) {
    const kind = PRINCIPALS[resource.type];
    if (kind !== undefined) {
      const draft = draftOf(kind, resource, nameOf(resource));
      draft.documents.push(
        ...follow(resource.properties, "inlinePolicies[].policy").map((found) => ({ by: resource, found })),
      );
      draft.attachments.push(
        ...follow(resource.properties, "managedPolicyArns[]").flatMap((found) => policies(resource, found)),
      );
    }
    const giving = GIVING[resource.type];
    if (giving !== undefined) {
      const documents = at(resource, giving.documents);
      const attachments = at(resource, giving.arns).flatMap(({ found }) => policies(resource, found));
      for (const draft of giving.principals.flatMap((to) => principalsAt(resource, to.kind, to.path))) {
        draft.documents.push(...documents);
        draft.attachments.push(...attachments);
      }
    }
    const [user, group] =
      resource.type === MEMBERSHIP
        ? ["user", "groups[]"]
        : resource.type === GROUP_MEMBERS
          ? ["users[]", "group"]
          : [];
    if (user !== undefined && group !== undefined) {
      const groups = principalsAt(resource, "group", group);
      for (const member of principalsAt(resource, "user", user)) member.groups.push(...groups);
    }
  }
  return { all: [...drafts.values()], unknown };
}

/** The resources that a property of another refers to. */
export function targets(
  { propertyDependencies }: StackSubject,
  property: string,
  byUrn: ReadonlyMap<string, StackSubject>,
): readonly StackSubject[] {
  return (propertyDependencies[property] ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
}

/** An attachment with the customer-managed policy of this stack that it attaches, if it is one. */
function policyFinder(
  resources: readonly StackSubject[],
  byUrn: ReadonlyMap<string, StackSubject>,
): (by: StackSubject, found: Found) => readonly (Given & { policy: StackSubject | undefined })[] {
  const own = resources.filter(({ type }) => type === POLICY);
  const byName = new Map(own.flatMap((policy) => endsOf(policy).map((end) => [end, policy] as const)));
  return (by, found) => {
    const { value, path } = found;
    if (typeof value === "string") {
      return [
        { by, found, policy: byName.get(value) ?? byName.get(value.replace(/^arn:[^:]*:iam::\d+:/, "")) },
      ];
    }
    if (value !== UNKNOWN) return [];
    const [property = path] = path.split("[");
    const joined = targets(by, property, byUrn).filter(({ type }) => type === POLICY);
    return joined.length === 0
      ? [{ by, found, policy: undefined }]
      : joined.map((policy) => ({ by, found, policy }));
  };
}

// The ARN, and what follows the account in it, which is known before the ARN is.
function endsOf({ properties: { arn, name, path } }: StackSubject): readonly string[] {
  const prefix = typeof path === "string" ? path : "/";
  return [
    ...(typeof arn === "string" ? [arn] : []),
    ...(typeof name === "string" ? [`policy${prefix}${name}`] : []),
  ];
}

function nameOf({ properties: { name: given }, name }: StackSubject): string {
  return typeof given === "string" && given !== "" ? given : name;
}

function at(by: StackSubject, paths: readonly string[] = []): readonly Given[] {
  return paths.flatMap((path) => follow(by.properties, path)).map((found) => ({ by, found }));
}

function byKind(
  make: (kind: PrincipalKind, name: string) => Readonly<Record<string, Giving>>,
): Readonly<Record<string, Giving>> {
  return { ...make("role", "Role"), ...make("user", "User"), ...make("group", "Group") };
}
