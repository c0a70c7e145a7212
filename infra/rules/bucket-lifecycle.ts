import { outputPrefixes } from "./naming";

/** One rule of an S3 lifecycle configuration, in the words of `aws.s3.BucketLifecycleConfiguration`. */
export interface LifecycleRule {
  readonly id: string;
  readonly status: "Enabled";
  readonly filter: { readonly prefix: string };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
  readonly expiration?: { readonly days: number } | { readonly expiredObjectDeleteMarker: true };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
}

export interface LifecycleDays {
  /** Days that replaced or deleted objects are kept. */
  readonly noncurrentVersionDays: number;
  /** Days that job results, checkpoints, captures and answers are kept. */
  readonly outputExpirationDays: number;
}

const everything = { prefix: "" } as const;

/** An upload that broke off bills for its parts until it is aborted; nothing shows them in a listing. */
const abortIncompleteUploads: LifecycleRule = {
  id: "abort-incomplete-uploads",
  status: "Enabled",
  filter: everything,
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

function expireNoncurrent(noncurrentDays: number): LifecycleRule {
  return {
    id: "expire-noncurrent-versions",
    status: "Enabled",
    filter: everything,
    noncurrentVersionExpiration: { noncurrentDays },
    expiration: { expiredObjectDeleteMarker: true },
  };
}

/**
 * Lifecycle rules by bucket. At least one each: S3 refuses an empty configuration.
 *
 * - `models` expires nothing, current or noncurrent. An endpoint reads its artifact again whenever it scales out or
 *   is patched, months after the rollout, so an expired artifact breaks it then. Filters cannot say "all but
 *   models/", so no rule of the bucket may expire anything.
 * - `output` expires by prefix: `code/` is part of the stack's state and of jobs yet to run, and `notebook/` is the
 *   work of people.
 */
export function lifecycleRules(
  bucket: "data" | "output" | "models" | "logs",
  { noncurrentVersionDays, outputExpirationDays }: LifecycleDays,
): readonly LifecycleRule[] {
  switch (bucket) {
    case "data":
      return [abortIncompleteUploads, expireNoncurrent(noncurrentVersionDays)];
    case "output":
      return [
        abortIncompleteUploads,
        expireNoncurrent(noncurrentVersionDays),
        ...(["jobs", "checkpoints", "box", "capture", "async"] as const).map(
          (key): LifecycleRule => ({
            id: `expire-${key}`,
            status: "Enabled",
            filter: { prefix: outputPrefixes[key] },
            expiration: { days: outputExpirationDays },
          }),
        ),
      ];
    case "models":
      return [abortIncompleteUploads];
    case "logs":
      return [
        abortIncompleteUploads,
        expireNoncurrent(noncurrentVersionDays),
        { id: "expire-logs", status: "Enabled", filter: everything, expiration: { days: 365 } },
      ];
  }
}
