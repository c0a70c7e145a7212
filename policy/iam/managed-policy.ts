/** A policy that AWS itself keeps. */
export interface ManagedPolicy {
  /** `/`, or such as `/service-role/`. */
  readonly path: string;
  readonly name: string;
}

// All partitions (aws, aws-cn, aws-us-gov, aws-iso…, aws-eusc; in a template also `${AWS::Partition}`) and paths. An account's own
// policy has its number where this has `aws`: it is another policy whatever its name, and its document is looked at instead.
const ARN = /^arn:[^:\s]+:iam::aws:policy(\/(?:[\w+=,.@-]+\/)*)([\w+=,.@-]+)$/;

const ARN_IN_TEXT = /:iam::aws:policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+/g;

/** The managed policy of AWS that an ARN names, `undefined` for any other text. */
export function managedPolicy(arn: string): ManagedPolicy | undefined {
  const [, path, name] = ARN.exec(arn.trim()) ?? [];
  return path === undefined || name === undefined ? undefined : { path, name };
}

/** ARNs of managed policies of AWS anywhere in a text, whatever stands for the partition. */
export function managedPolicyIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(ARN_IN_TEXT)].map(([end]) => `arn:aws${end}`))];
}
