import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { awsStatus } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import type { Promotion } from "../prune/account";
import { readPromotions } from "../prune/read-storage";
import { type Asked, whyNotGoneBackTo } from "./approval";
import { declaredModel } from "./declared-model";
import { digestsOf, recordOf } from "./history";
import { packageOfDigest, readPackages } from "./packages";
import { registryOf } from "./register";
import { type FileChange, promotedFile } from "./stack-file";
import { holdsArtifact, type Provenance, readRecord } from "./store";

export interface RolledBack {
  readonly model: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly provenance: Provenance | undefined;
  /** Digests that the model was promoted to, newest first. */
  readonly history: readonly string[];
  /** Absent where the file has the digest already: a run before this one has written it. */
  readonly change: FileChange | undefined;
}

/**
 * What the stack's file is to be for a model to go back: to the digest that it had before its last promotion, or to a given one. That
 * is the same place however often it is asked for, so that it can be ended anywhere and run again.
 *
 * @param asked whole digest or the beginning of one, 6 digits at least. @default - the one before the last promotion
 * @throws CommandError where there is none, where its artifact is gone, or where the model registry says no.
 */
export async function rollBack(
  clients: Pick<AwsClients, "s3" | "sagemaker">,
  declared: DeclaredStack,
  contract: Pick<Contract, "buckets" | "models">,
  model: string,
  asked: string | undefined,
): Promise<RolledBack> {
  const known = declaredModel(declared, model);
  const bucket = contract.buckets.models;
  const registry = registryOf(model, known, contract, declared.stack);
  const promotions = await readPromotions(clients, bucket);
  const history = digestsOf(promotions, model);
  const told = { model, stack: declared.stack };
  const to =
    asked === undefined
      ? await formerOf(clients, bucket, promotions, { ...told, digest: known.digest })
      : wholeOf(asked, history);
  if (!(await holdsArtifact(clients, bucket, to)))
    throw new CommandError(
      `The artifact of ${to} is not in the bucket ${bucket}: it was pruned, or never promoted here. ${shown(history)}`,
    );
  if (registry !== undefined) {
    const version = packageOfDigest(await readPackages(clients, registry.groupName, bucket), to);
    const refusal = whyNotGoneBackTo(version, registry, history.includes(to), told);
    if (refusal !== undefined)
      throw new CommandError(
        `${model} does not go back to ${to}. ${refusal} ${shown(history)}`,
        awsStatus.failed,
      );
  }
  const record = recordOf(promotions, model, to);
  const { provenance } = (record && (await readRecord(clients, bucket, record))) ?? {};
  const change = to === known.digest ? undefined : promotedFile(declared, model, to, provenance);
  return { model, from: known.digest, to, provenance, history, change };
}

/**
 * The digest that the stack's file had before the model's last promotion; the one that it has, where it has gone back already.
 *
 * @throws CommandError where there was none, or where nobody knows what has come before the one that it has.
 */
async function formerOf(
  clients: Pick<AwsClients, "s3">,
  bucket: string,
  promotions: readonly Promotion[],
  { model, digest, stack }: Asked & { readonly digest: string | undefined },
): Promise<string> {
  const history = digestsOf(promotions, model);
  const [last, beforeLast] = history;
  const promotion = last === undefined ? undefined : recordOf(promotions, model, last);
  const record = promotion && (await readRecord(clients, bucket, promotion));
  const former = record?.previousDigest === undefined ? beforeLast : record.previousDigest;
  if (digest !== undefined && digest !== last && [former, ...history].includes(digest)) return digest;
  if (digest === last && typeof former === "string") return former;
  throw new CommandError(
    digest === last
      ? `The history of ${model} has nothing before ${last ?? "its first promotion"}. ${shown(history)}`
      : `models.${model}.digest is ${digest ?? "not set"} in Pulumi.${stack}.yaml, which the history has no record of: what was before it is not known. Say where to go: \`npx sagemaker-ops rollback ${model} DIGEST --stack ${stack}\`. ${shown(history)}`,
  );
}

function wholeOf(asked: string, history: readonly string[]): string {
  if (/^[0-9a-f]{64}$/.test(asked)) return asked;
  const found = /^[0-9a-f]{6,63}$/.test(asked) ? history.filter((digest) => digest.startsWith(asked)) : [];
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  throw new CommandError(
    `${JSON.stringify(asked)} is ${found.length === 0 ? "no digest of the history" : "the beginning of several digests"}. Give 64 hexadecimal digits, or 6 at least of one that is known. ${shown(history)}`,
  );
}

function shown(history: readonly string[]): string {
  return history.length === 0 ? "The history is empty." : `Known, newest first: ${history.join(", ")}.`;
}
