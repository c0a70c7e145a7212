import type { Promotion } from "../prune/account";

/** Where the models bucket keeps one empty-handed record per promotion; beside `models/`, so that no artifact's digest is met here. */
export const promotionsPrefix = "promotions/";

/**
 * Key of the record that a model was given an artifact: `promotions/breeds/2026-11-21T12:05:41.000Z-<digest>.json`. Everything that a
 * listing needs is in the key, and keys sort by time.
 */
export function promotionKey({ model, digest, at }: Promotion): string {
  return `${promotionsPrefix}${model}/${at.toISOString()}-${digest}.json`;
}

/** What a key says; nothing of a key that is no record. */
export function promotionOf(key: string): Promotion | undefined {
  const found = /^promotions\/([^/]+)\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)-([0-9a-f]{64})\.json$/.exec(
    key,
  );
  const [, model, time, digest] = found ?? [];
  if (model === undefined || time === undefined || digest === undefined) return undefined;
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? undefined : { model, digest, at };
}

/** Digests that a model was given, newest first, each where it was given last. */
export function digestsOf(promotions: readonly Promotion[], model: string): readonly string[] {
  const own = promotions.filter((promotion) => promotion.model === model).sort(newestFirst);
  return [...new Set(own.map(({ digest }) => digest))];
}

/** The newest record of a model's digest. */
export function recordOf(
  promotions: readonly Promotion[],
  model: string,
  digest: string,
): Promotion | undefined {
  return promotions
    .filter((promotion) => promotion.model === model && promotion.digest === digest)
    .sort(newestFirst)[0];
}

function newestFirst(a: Promotion, b: Promotion): number {
  return b.at.getTime() - a.at.getTime() || (a.digest < b.digest ? -1 : 1);
}
