import type { FunctionConfig } from "../config/schema/stack";

/** The account of AWS's documentation, which nobody has. A plan without credentials is made in it, and cannot know the stack's own. */
const nobodysAccountId = "123456789012";

/**
 * ARNs, among those for which a service may call, that are of another account than the stack's.
 *
 * @param accountId the stack's, 12 digits.
 */
export function foreignCallers(
  callers: Extract<FunctionConfig, { kind: "invoke" }>["serviceCallers"],
  accountId: string,
): string[] {
  return accountId === nobodysAccountId
    ? []
    : callers.map(({ sourceArn }) => sourceArn).filter((arn) => arn.split(":")[4] !== accountId);
}
