import { artifactKey } from "../../../infra/rules/naming";
import { digestsOf } from "../promote/history";
import type { Account, Artifact, EndpointConfiguration, HostedModel, PrunedKind } from "./account";

/** What of a stack must stay, beside what is in use. */
export interface Protection {
  /** `<project>/<environment>`: the value of the stack's tag. */
  readonly stackTag: string;
  /** How many of each kind stay, newest first, whether they are used or not. From 0. */
  readonly keep: number;
  /** Digests in the stack's file. */
  readonly promotedDigests: ReadonlySet<string>;
  /** Digests in the stack's outputs. */
  readonly deployedDigests: ReadonlySet<string>;
  /** Names in the stack's state, by kind; empty where it was not given. */
  readonly inState: {
    readonly configurations: ReadonlySet<string>;
    readonly models: ReadonlySet<string>;
    readonly logGroups: ReadonlySet<string>;
  };
  /** The models bucket; absent where nothing is deployed, and then artifacts are not looked at. */
  readonly modelsBucketName: string | undefined;
  readonly now: Date;
}

export interface Decision {
  readonly kind: PrunedKind;
  /** Its name; of an artifact the digest. */
  readonly name: string;
  readonly verdict: "delete" | "keep";
  /** Why, as the end of the sentence "is kept: …" or "is deleted: …". */
  readonly reason: string;
  readonly createdAt: Date;
  /** Of artifacts and log groups. */
  readonly sizeBytes?: number;
}

/**
 * What a user of something counts as. When a plan is made, what is to be deleted itself no longer uses anything; right before a
 * deletion everything that is still there does.
 */
export type Standing = "planned" | "actual";

/**
 * Hours in which a new thing may yet be put to use: by an update that runs, and that made it after the state was read; of an
 * artifact, by a stack's file that is being reviewed.
 */
const freshHours: Readonly<Record<PrunedKind, number>> = {
  configuration: 1,
  model: 1,
  artifact: 24,
  logGroup: 1,
};

/**
 * What becomes of each configuration, model, artifact and log group of a stack, in the order in which they may be deleted:
 * configurations before the models that they name, models before the artifacts that they load.
 *
 * What is in doubt is kept. Things of other stacks are never in the answer, but they count as users.
 */
export function decide(
  account: Account,
  protection: Protection,
  standing: Standing = "planned",
): readonly Decision[] {
  const configurations = decideConfigurations(account, protection);
  const models = decideModels(
    account,
    protection,
    remaining(account.configurations, configurations, standing),
  );
  const artifacts = decideArtifacts(account, protection, remaining(account.models, models, standing));
  return [...configurations, ...models, ...artifacts, ...decideLogGroups(account, protection)];
}

/** `single-config` of `single-config-1a2b3c4`, as Pulumi names it: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming. */
export function lineageOf(kind: "configuration" | "model", name: string): string | undefined {
  const lineage = /^(.+)-[0-9a-f]{7}$/.exec(name)?.[1];
  return lineage?.endsWith(kind === "configuration" ? "-config" : "-model") === true ? lineage : undefined;
}

function decideConfigurations(
  { endpoints, configurations }: Account,
  protection: Protection,
): readonly Decision[] {
  const own = ownOf("configuration", configurations, protection);
  const newest = newestOf("configuration", own, protection.keep);
  return own.map((one) => {
    const user = endpoints.find(({ configNames }) => configNames.includes(one.name));
    if (user !== undefined) return keep("configuration", one, `endpoint ${user.name} names it`);
    if (protection.inState.configurations.has(one.name))
      return keep("configuration", one, "in the stack's state");
    if (newest.has(one.name)) return keep("configuration", one, lastWords(protection.keep));
    return unlessFresh("configuration", one, "no endpoint names it", protection);
  });
}

function decideModels(
  { models, modelUses }: Account,
  protection: Protection,
  configurations: readonly EndpointConfiguration[],
): readonly Decision[] {
  const own = ownOf("model", models, protection);
  const newest = newestOf("model", own, protection.keep);
  return own.map((one) => {
    const user = configurations.find(({ modelNames }) => modelNames.includes(one.name));
    if (user !== undefined) return keep("model", one, `configuration ${user.name} names it`);
    const other = modelUses.find(({ modelName }) => modelName === one.name);
    if (other !== undefined) return keep("model", one, `${other.by} runs it`);
    if (protection.inState.models.has(one.name)) return keep("model", one, "in the stack's state");
    if (newest.has(one.name)) return keep("model", one, lastWords(protection.keep));
    return unlessFresh("model", one, "no configuration names it", protection);
  });
}

function decideArtifacts(
  { artifacts, promotions, packageUses }: Account,
  protection: Protection,
  models: readonly HostedModel[],
): readonly Decision[] {
  const { keep: count, modelsBucketName, promotedDigests, deployedDigests } = protection;
  if (modelsBucketName === undefined) return [];
  const promotedModels = [...new Set(promotions.map(({ model }) => model))];
  const history = promotedModels.map((model) => ({ model, digests: digestsOf(promotions, model) }));
  const unrecorded = [...artifacts]
    .filter(({ digest }) => !promotions.some((promotion) => promotion.digest === digest))
    .sort(newestFirst)
    .slice(0, count)
    .map(({ digest }) => digest);

  return artifacts.map((one) => {
    const { digest } = one;
    const folder = `s3://${modelsBucketName}/${artifactKey(digest).replace(/[^/]+$/, "")}`;
    const names = ({ artifactUris }: { readonly artifactUris: readonly string[] }) =>
      artifactUris.some((uri) => uri.startsWith(folder));
    const user = models.find(names);
    if (user !== undefined) return keep("artifact", asOwned(one), `model ${user.name} loads it`);
    const registered = packageUses.find(names);
    if (registered !== undefined) return keep("artifact", asOwned(one), `${registered.by} names it`);
    if (promotedDigests.has(digest)) return keep("artifact", asOwned(one), "promoted in the stack's file");
    if (deployedDigests.has(digest)) return keep("artifact", asOwned(one), "in the stack's outputs");
    // The stack's file here may be older than the one of whoever promoted last.
    const last = history.find(({ digests }) => digests[0] === digest);
    if (last !== undefined) return keep("artifact", asOwned(one), `promoted last as ${last.model}`);
    const recent = history.find(({ digests }) => digests.slice(0, count).includes(digest));
    if (recent !== undefined)
      return keep("artifact", asOwned(one), `one of the last ${count} promoted as ${recent.model}`);
    if (unrecorded.includes(digest)) return keep("artifact", asOwned(one), lastWords(count));
    return unlessFresh("artifact", asOwned(one), "no model loads it, and it is not promoted", protection);
  });
}

function decideLogGroups({ logGroups }: Account, protection: Protection): readonly Decision[] {
  const { stackTag, inState } = protection;
  return logGroups
    .filter((one) => one.stackTag === undefined || one.stackTag === stackTag)
    .map((one) => {
      const sized = { ...one, sizeBytes: one.storedBytes };
      if (one.owner !== undefined) return keep("logGroup", sized, `${one.owner} writes to it`);
      if (inState.logGroups.has(one.name)) return keep("logGroup", sized, "in the stack's state");
      return unlessFresh("logGroup", sized, "what wrote to it is gone", protection);
    });
}

/** Of this stack, by tag and by name: the tag alone could be on what people made by hand. */
function ownOf<T extends EndpointConfiguration | HostedModel>(
  kind: "configuration" | "model",
  all: readonly T[],
  { stackTag }: Protection,
): readonly T[] {
  return all.filter((one) => one.stackTag === stackTag && lineageOf(kind, one.name) !== undefined);
}

/** Names of the newest of each lineage: what an endpoint had before, and before that. */
function newestOf(
  kind: "configuration" | "model",
  own: readonly (EndpointConfiguration | HostedModel)[],
  count: number,
): ReadonlySet<string> {
  const sorted = [...own].sort(newestFirst);
  const lineages = new Set(sorted.map(({ name }) => lineageOf(kind, name)));
  return new Set(
    [...lineages].flatMap((lineage) =>
      sorted
        .filter(({ name }) => lineageOf(kind, name) === lineage)
        .slice(0, count)
        .map(({ name }) => name),
    ),
  );
}

function newestFirst(
  a: { readonly createdAt: Date; readonly name?: string; readonly digest?: string },
  b: typeof a,
): number {
  const byName = (a.name ?? a.digest ?? "") < (b.name ?? b.digest ?? "") ? -1 : 1;
  return b.createdAt.getTime() - a.createdAt.getTime() || byName;
}

function remaining<T extends { readonly name: string }>(
  all: readonly T[],
  decisions: readonly Decision[],
  standing: Standing,
): readonly T[] {
  if (standing === "actual") return all;
  const deleted = new Set(decisions.filter(({ verdict }) => verdict === "delete").map(({ name }) => name));
  return all.filter(({ name }) => !deleted.has(name));
}

interface Described {
  readonly name: string;
  readonly createdAt: Date;
  readonly sizeBytes?: number;
}

function asOwned({ digest, createdAt, sizeBytes }: Artifact): Described {
  return { name: digest, createdAt, sizeBytes };
}

function keep(kind: PrunedKind, one: Described, reason: string): Decision {
  return decision(kind, one, "keep", reason);
}

function unlessFresh(kind: PrunedKind, one: Described, reason: string, { now }: Protection): Decision {
  const hours = freshHours[kind];
  if (now.getTime() - one.createdAt.getTime() >= hours * 3_600_000)
    return decision(kind, one, "delete", reason);
  return keep(kind, one, hours === 1 ? "made within the last hour" : `made within the last ${hours} hours`);
}

function decision(
  kind: PrunedKind,
  { name, createdAt, sizeBytes }: Described,
  verdict: Decision["verdict"],
  reason: string,
): Decision {
  return { kind, name, verdict, reason, createdAt, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}

function lastWords(count: number): string {
  return count === 1 ? "the newest" : `one of the newest ${count}`;
}
