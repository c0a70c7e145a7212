import type { AwsClients } from "../aws/clients";
import { awsStatus } from "../aws/errors";
import { CommandError } from "../exit-status";
import type { Promotion } from "../prune/account";
import { readPromotions } from "../prune/read-storage";
import { digestsOf, recordOf } from "./history";
import { type PromotionRecord, type Provenance, readRecord, recordPromotion, removeRecord } from "./store";

/** A promotion in the bucket's history. */
export interface Recorded {
  /** Of this run, or of the one before it that was ended. */
  readonly provenance: Provenance;
  /** Takes the record away again, where this run has made it: what did not get into the stack's file was no promotion. */
  readonly takeBack: (error: unknown) => Promise<never>;
}

/**
 * Adds the record, unless it is there: a run before this one was ended after it, or the stack's file has the digest already.
 *
 * @param record its `previousDigest` is what the stack's file has now.
 */
export async function recordOnce(
  clients: Pick<AwsClients, "s3">,
  bucket: string,
  promotion: Promotion,
  record: PromotionRecord,
): Promise<Recorded> {
  const { model, digest } = promotion;
  const promotions = await readPromotions(clients, bucket);
  const [last] = digestsOf(promotions, model);
  const known = recordOf(promotions, model, digest);
  const before = known === undefined ? undefined : await readRecord(clients, bucket, known);
  if (before !== undefined) {
    const isInFile = record.previousDigest === digest;
    const isGoneOnWith =
      last === digest &&
      (before.previousDigest === undefined || before.previousDigest === record.previousDigest);
    if (isInFile || isGoneOnWith) return { provenance: before.provenance, takeBack: rethrow };
  }
  const versionId = await recordPromotion(clients, bucket, promotion, {
    ...record,
    // Its own digest would lead nowhere: it was written by other hands.
    previousDigest: record.previousDigest === digest ? undefined : record.previousDigest,
  });
  return {
    provenance: record.provenance,
    takeBack: async (error) => {
      await removeRecord(clients, bucket, promotion, versionId).catch((failure: unknown) => {
        throw new CommandError(
          `${messageOf(error)} The record of it could not be taken out of the history again: ${messageOf(failure)}`,
          awsStatus.failed,
        );
      });
      throw error;
    },
  };
}

async function rethrow(error: unknown): Promise<never> {
  throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
