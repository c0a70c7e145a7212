/**
 * What bounds a permission. Lambda compares the source's ARN as StringLike, where a wildcard takes in colons too, so that nothing up to the
 * account may be one; after it one does no harm. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
const BOUNDS = {
  account: /^\d{12}$/,
  organisation: /^o-[a-z0-9]+$/,
  arnOfAccount: /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:/,
  /** It names no account, and whose the bucket is may change. */
  arnOfBucket: /^arn:aws[a-z-]*:s3:::[\w.-]+(\/|$)/,
  token: /^[\w.-]+$/,
};

/** Whether the value names one of its kind, and is no pattern that takes in those of others. */
export function isBound(kind: keyof typeof BOUNDS, value: unknown): boolean {
  return typeof value === "string" && BOUNDS[kind].test(value.trim());
}
