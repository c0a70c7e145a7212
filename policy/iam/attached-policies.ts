import { type Finding, undecided, violation } from "../findings";
import type { Subject } from "../rule";
import { UNKNOWN } from "../values";
import { attachedArns } from "./attached";
import { type ManagedPolicy, managedPolicy } from "./managed-policy";

/**
 * A violation for each managed policy of AWS that a resource attaches and a rule refuses.
 *
 * @param refusal What to say after "… attaches ARN", as whole sentences, for what is refused; `undefined` for what passes.
 */
export function refuseAttached(
  subject: Pick<Subject, "type" | "properties">,
  refusal: (policy: ManagedPolicy) => string | undefined,
): readonly Finding[] {
  return attachedArns(subject).flatMap(({ path, value }) => {
    if (value === UNKNOWN) return [undecided(path)];
    if (typeof value !== "string") return [];
    const policy = managedPolicy(value);
    const text = policy === undefined ? undefined : refusal(policy);
    return text === undefined ? [] : [violation(`${path} attaches ${value.trim()}. ${text}`)];
  });
}
