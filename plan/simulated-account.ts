import { createHash } from "node:crypto";

/** The account, region and partition that the simulated AWS pretends to be. */
export interface SimulatedAccount {
  accountId: string;
  region: string;
  partition: string;
  dnsSuffix: string;
}

/** Account of every simulated ARN: the one AWS uses in its documentation. */
export const simulatedAccountId = "123456789012";
const defaultRegion = "us-east-1";

export function simulatedAccount(region: string | undefined): SimulatedAccount {
  const effective = region ?? defaultRegion;
  const partition = effective.startsWith("cn-")
    ? "aws-cn"
    : effective.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return {
    accountId: simulatedAccountId,
    region: effective,
    partition,
    dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
}

/** First `length` hexadecimal digits of the SHA-256 of `seed`: the source of everything the plan makes up. */
export function hexDigest(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** A UUID-shaped digest of `seed`, version 4 layout. */
export function uuid(seed: string): string {
  const hex = hexDigest(seed, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
