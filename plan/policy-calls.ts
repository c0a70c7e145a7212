import { messageOf, PolicyError } from "./errors";
import type { Handler } from "./pack-host";

/** One call of a pack's gRPC handler, without the gRPC. */
export function askPack(handler: Handler, request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (error === null || error === undefined) resolve(response);
      else reject(error);
    });
  });
}

/**
 * As `askPack`, for calls that run policies.
 *
 * @throws PolicyError naming the policy and the resource when a policy throws. The SDK reports that as one text of
 * policy, pack and stack trace; it is taken apart here.
 */
export async function askPolicies(
  handler: Handler,
  request: unknown,
  urn: string | undefined,
): Promise<unknown> {
  try {
    return await askPack(handler, request);
  } catch (cause) {
    const text = messageOf(cause);
    const found = /^Error (?:validating|remediating) resource with (?:policy|remediation) '(.+?)' from/.exec(
      text,
    );
    const policy = found?.[1] ?? "unknown";
    const reason = firstParagraph(text.slice(text.indexOf("\n") + 1));
    const where = urn === undefined ? "the stack" : urn;
    throw new PolicyError(
      `Policy "${policy}" failed on ${where}: ${reason}. A policy must report violations and never throw; ` +
        "in a deployment this stops the update. Correct the policy or disable it in the pack's configuration.",
      { policy, urn, cause },
    );
  }
}

/** What comes before the stack trace. */
function firstParagraph(text: string): string {
  const end = text.search(/\n\s+at /);
  return (end === -1 ? text : text.slice(0, end)).trim().replace(/\.$/, "");
}
