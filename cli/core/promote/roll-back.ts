import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { awsStatus } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { readPromotions } from "../prune/read-storage";
import { whyNotGoneBackTo } from "./approval";
import { declaredModel } from "./declared-model";
import { digestsOf, previousOf, recordOf } from "./history";
import { packageOfDigest, readPackages } from "./packages";
import { registryOf } from "./register";
import { type FileChange, promotedFile } from "./stack-file";
import { holdsArtifact, type Provenance, readRecord } from "./store";

export interface RolledBack {
  readonly model: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly provenance: Provenance | undefined;
  readonly change: FileChange;
}

/**
 * What the stack's file is to be for a model to go back: to the digest that it had before, or to a given one.
 *
 * @param asked whole digest or the beginning of one, 6 digits at least. @default - the one before the current
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
  const to =
    asked === undefined ? previousOf(promotions, model, known.digest)?.digest : wholeOf(asked, history);
  if (to === undefined)
    throw new CommandError(
      `The history of ${model} has nothing before ${known.digest ?? "its first promotion"}. ${shown(history)}`,
    );
  if (to === known.digest) throw new CommandError(`${model} is at ${to} already. ${shown(history)}`);
  if (!(await holdsArtifact(clients, bucket, to)))
    throw new CommandError(
      `The artifact of ${to} is not in the bucket ${bucket}: it was pruned, or never promoted here. ${shown(history)}`,
    );
  if (registry !== undefined) {
    const version = packageOfDigest(await readPackages(clients, registry.groupName, bucket), to);
    const refusal = whyNotGoneBackTo(version, registry, history.includes(to), {
      model,
      stack: declared.stack,
    });
    if (refusal !== undefined)
      throw new CommandError(
        `${model} does not go back to ${to}. ${refusal} ${shown(history)}`,
        awsStatus.failed,
      );
  }
  const record = recordOf(promotions, model, to);
  const provenance = record === undefined ? undefined : await readRecord(clients, bucket, record);
  return { model, from: known.digest, to, provenance, change: promotedFile(declared, model, to, provenance) };
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
