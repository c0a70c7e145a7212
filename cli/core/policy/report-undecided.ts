import type { Undecided, Verdicts } from "./undecided";

/** Whether what was left undecided fails a check: a rule that would block, or one whose level is not known. */
export function blocks({ undecided, stackAnalyzed }: Verdicts, allowed: ReadonlySet<string>): boolean {
  return undecided.some((entry) => isBlocking(entry, allowed)) || !stackAnalyzed;
}

/** For people: what blocks first, one entry per rule and resource. */
export function describeUndecided(verdicts: Verdicts, allowed: ReadonlySet<string>): string {
  const { undecided, stackAnalyzed } = verdicts;
  const blocking = undecided.filter((entry) => isBlocking(entry, allowed));
  const others = undecided.filter((entry) => !isBlocking(entry, allowed));
  return [
    ...blocking.map((entry) => described(entry, "must be decided")),
    ...others.map((entry) => described(entry, "for your information")),
    ...(stackAnalyzed ? [] : ["The rules over the whole stack did not run, as a step before them failed."]),
    blocks(verdicts, allowed)
      ? "Give names instead of outputs where a rule needs them, or let the rule pass with --allow and look at the update."
      : "Every mandatory rule has decided.",
    "",
  ].join("\n");
}

function isBlocking({ policy, level }: Undecided, allowed: ReadonlySet<string>): boolean {
  return (level === "mandatory" || level === "remediate" || level === "unknown") && !allowed.has(policy);
}

function described({ policy, level, urn, message }: Undecided, what: string): string {
  const name = urn === "" ? "the stack" : urn.split("::").slice(2).join(" ");
  return `${what}: ${policy} (${level}) on ${name}\n    ${message.replaceAll("\n", "\n    ")}`;
}
