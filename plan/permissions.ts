import { conditionsOf, type PolicyStatement, parsePolicy, trustsOf } from "./iam-statements";
import { byCodeUnit, type JsonValue } from "./json-value";
import type { RecordedProgram, RecordedResource } from "./recorded";

export interface Grant {
  effect: "Allow" | "Deny";
  actions: string[];
  /** Every action but these; then `actions` is empty. */
  notActions?: string[];
  resources: string[];
  /** Every resource but these; then `resources` is empty. */
  notResources?: string[];
  conditions?: PolicyStatement["conditions"];
  /** URN of the resource that carries the statement. */
  source: string;
}

export interface PrincipalPermissions {
  principal: { urn: string; name: string };
  /** Who may take on a role: services, ARNs, federated providers; with the condition keys that limit it. */
  trusts: string[];
  grants: Grant[];
  /** ARNs of attached policies that this program does not define; what they grant is not in the plan. */
  managedPolicies: string[];
  /** What could not be read. */
  notes: string[];
}

export interface ResourcePolicy {
  resource: { urn: string; name: string };
  statements: (Grant & { principals: string[] })[];
  notes: string[];
}

export interface Permissions {
  principals: PrincipalPermissions[];
  /** Policies on buckets, keys, functions, topics, queues. */
  resourcePolicies: ResourcePolicy[];
}

type PrincipalKind = "role" | "user" | "group";

/** "Who may do what", read from every role, user, group and resource policy of a program; sorted by URN. */
export function permissionsOf(program: Pick<RecordedProgram, "resources">): Permissions {
  const resources = program.resources.filter((resource) => resource.custom && !resource.read);
  const principals = principalIndex(resources);
  const policies = new Map<string, RecordedResource>();
  for (const resource of resources) {
    if (resource.type !== "aws:iam/policy:Policy") continue;
    policies.set(resource.urn, resource);
    policies.set(text(resource.outputs.arn), resource);
  }
  for (const resource of resources) {
    readOwnPolicies(resource, principals, policies);
    readAttachments(resource, principals, policies);
  }
  return {
    principals: [...new Set(principals.values())]
      .sort((a, b) => byCodeUnit(a.principal.urn, b.principal.urn))
      .map(sorted),
    resourcePolicies: resources
      .flatMap(resourcePolicy)
      .sort((a, b) => byCodeUnit(a.resource.urn, b.resource.urn)),
  };
}

type PrincipalIndex = Map<string, PrincipalPermissions>;

/** By URN, and by kind and name, as attachments refer to them. */
function principalIndex(resources: readonly RecordedResource[]): PrincipalIndex {
  const index: PrincipalIndex = new Map();
  for (const resource of resources) {
    const kind = /^aws:iam\/(role|user|group):(?:Role|User|Group)$/.exec(resource.type)?.[1];
    if (kind === undefined) continue;
    const entry: PrincipalPermissions = {
      principal: { urn: resource.urn, name: text(resource.outputs.name) || resource.name },
      trusts: [],
      grants: [],
      managedPolicies: [],
      notes: [],
    };
    index.set(resource.urn, entry);
    index.set(`${kind}:${text(resource.outputs.name)}`, entry);
    if (resource.id !== "") index.set(`${kind}:${resource.id}`, entry);
  }
  return index;
}

function readOwnPolicies(
  resource: RecordedResource,
  index: PrincipalIndex,
  policies: ReadonlyMap<string, RecordedResource>,
): void {
  const own = index.get(resource.urn);
  if (own !== undefined) {
    const trust = resource.outputs.assumeRolePolicy;
    if (trust !== undefined) {
      const { statements, note } = parsePolicy(trust);
      own.trusts.push(...statements.flatMap(trustsOf));
      if (note !== undefined) own.notes.push(`trust policy: ${note}`);
    }
    for (const inline of list(resource.outputs.inlinePolicies)) {
      if (typeof inline === "object" && inline !== null && !Array.isArray(inline)) {
        addDocument(own, inline.policy, resource.urn);
      }
    }
    for (const arn of list(resource.outputs.managedPolicyArns)) attach(own, text(arn), undefined, policies);
  }
  for (const kind of ["role", "user", "group"] as const) {
    if (resource.type !== `aws:iam/${kind}Policy:${capital(kind)}Policy`) continue;
    const holder = find(index, resource, kind, kind, text(resource.outputs[kind]));
    if (holder !== undefined) addDocument(holder, resource.outputs.policy, resource.urn);
  }
}

function readAttachments(
  resource: RecordedResource,
  index: PrincipalIndex,
  policies: ReadonlyMap<string, RecordedResource>,
): void {
  const found = /^aws:iam\/(?:(role|user|group)Policy|policy)Attachments?(Exclusive)?:/.exec(resource.type);
  if (found === null) return;
  const kinds: PrincipalKind[] =
    found[1] === undefined ? ["role", "user", "group"] : [found[1] as PrincipalKind];
  const arns = [resource.outputs.policyArn, ...list(resource.outputs.policyArns)].filter(
    (arn) => arn !== undefined,
  );
  for (const kind of kinds) {
    for (const property of [kind, `${kind}Name`, `${kind}s`]) {
      const values = resource.outputs[property];
      for (const value of Array.isArray(values) ? values : values === undefined ? [] : [values]) {
        const holder = find(index, resource, kind, property, text(value));
        if (holder === undefined) continue;
        for (const arn of arns) attach(holder, text(arn), policyDependency(resource, policies), policies);
      }
    }
  }
}

/** A name that is not known yet is followed through the dependencies of the property that carries it. */
function find(
  index: PrincipalIndex,
  resource: RecordedResource,
  kind: PrincipalKind,
  property: string,
  name: string,
): PrincipalPermissions | undefined {
  const byName = index.get(`${kind}:${name}`);
  if (byName !== undefined) return byName;
  const urns = resource.propertyDependencies[property] ?? [];
  return urns.map((urn) => index.get(urn)).find((entry) => entry !== undefined);
}

function policyDependency(
  resource: RecordedResource,
  policies: ReadonlyMap<string, RecordedResource>,
): RecordedResource | undefined {
  const urns = resource.propertyDependencies.policyArn ?? [];
  return urns.map((urn) => policies.get(urn)).find((policy) => policy !== undefined);
}

function attach(
  holder: PrincipalPermissions,
  arn: string,
  dependency: RecordedResource | undefined,
  policies: ReadonlyMap<string, RecordedResource>,
): void {
  const policy = policies.get(arn) ?? dependency;
  if (policy === undefined) holder.managedPolicies.push(arn);
  else addDocument(holder, policy.outputs.policy, policy.urn);
}

function addDocument(holder: PrincipalPermissions, document: JsonValue | undefined, source: string): void {
  const { statements, note } = parsePolicy(document);
  holder.grants.push(...statements.map((statement) => grantOf(statement, source)));
  if (note !== undefined) holder.notes.push(`${source}: ${note}`);
}

function grantOf(statement: PolicyStatement, source: string): Grant {
  return {
    effect: statement.effect,
    actions: statement.actions,
    ...(statement.notActions === undefined ? {} : { notActions: statement.notActions }),
    resources: statement.resources,
    ...(statement.notResources === undefined ? {} : { notResources: statement.notResources }),
    ...(statement.conditions === undefined ? {} : { conditions: statement.conditions }),
    source,
  };
}

/** Types that carry a policy for the resource they name, and the property with that resource's id. */
const resourcePolicyTypes: Readonly<Record<string, string>> = {
  "aws:s3/bucketPolicy:BucketPolicy": "bucket",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:kms/key:Key": "keyId",
  "aws:kms/keyPolicy:KeyPolicy": "keyId",
  "aws:sns/topicPolicy:TopicPolicy": "arn",
  "aws:sqs/queuePolicy:QueuePolicy": "queueUrl",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "repository",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "secretArn",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "id",
};

function resourcePolicy(resource: RecordedResource): ResourcePolicy[] {
  if (resource.type === "aws:lambda/permission:Permission") return [functionPermission(resource)];
  const property = resourcePolicyTypes[resource.type];
  const document = resource.outputs.policy;
  if (property === undefined || document === undefined) return [];
  const { statements, note } = parsePolicy(document);
  return [
    {
      resource: { urn: resource.urn, name: text(resource.outputs[property]) || resource.name },
      statements: statements.map((s) => ({ principals: s.principals, ...grantOf(s, resource.urn) })),
      notes: note === undefined ? [] : [note],
    },
  ];
}

function functionPermission(resource: RecordedResource): ResourcePolicy {
  const { action, function: name, principal, qualifier, sourceArn, sourceAccount } = resource.outputs;
  const limits = conditionsOf({
    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
  });
  const target = qualifier === undefined ? text(name) : `${text(name)}:${text(qualifier)}`;
  return {
    resource: { urn: resource.urn, name: target },
    statements: [
      {
        principals: [text(principal)],
        effect: "Allow",
        actions: [text(action)],
        resources: [target],
        ...(limits === undefined ? {} : { conditions: limits }),
        source: resource.urn,
      },
    ],
    notes: [],
  };
}

function sorted(entry: PrincipalPermissions): PrincipalPermissions {
  const order = (grant: Grant) =>
    JSON.stringify([grant.effect, grant.actions, grant.resources, grant.source]);
  return {
    ...entry,
    trusts: [...new Set(entry.trusts)].sort(byCodeUnit),
    grants: [...new Map(entry.grants.map((grant) => [JSON.stringify(grant), grant])).values()].sort((a, b) =>
      byCodeUnit(order(a), order(b)),
    ),
    managedPolicies: [...new Set(entry.managedPolicies)].sort(byCodeUnit),
    notes: [...entry.notes].sort(byCodeUnit),
  };
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
