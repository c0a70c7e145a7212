/** Key of the digest in a stack's configuration. */
export const digestKey = "sagemaker-ops:storage.data.manifestDigest";

/** The command that makes a stack's jobs due. */
export function configLine(digest: string, stack?: string): string {
  const of = stack === undefined ? "" : ` --stack ${stack}`;
  return `pulumi config set --path ${digestKey} ${digest}${of}`;
}
