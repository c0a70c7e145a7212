import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Policies } from "@pulumi/policy";
import { UNDECIDED } from "../../policy/findings";
import type { Rule } from "../../policy/rule";
import { analyze, type Diagnostic } from "./policy-request";
import { analyzeStack, type StackResource } from "./stack-request";

interface Configured {
  /** The rule's settings, where they are not its defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface ResourceEntry extends Configured {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
}

interface StackEntry extends Configured {
  readonly resources: readonly StackResource[];
}

/** A request that violates one rule: a resource, or for a stack rule the resources of a stack. */
export type CorpusEntry = ResourceEntry | StackEntry;

export const corpusFile = join(resolve(__dirname, "../.."), "tests/fixtures/policy/corpus.json");

/** By rule. Written by `UPDATE_CORPUS=1 mocha tests/policy/corpus.test.ts` from what the rules' own tests refuse. */
export function readCorpus(): Readonly<Record<string, CorpusEntry>> {
  return JSON.parse(readFileSync(corpusFile, "utf8")) as Record<string, CorpusEntry>;
}

/** What a rule reports on an entry, through the SDK's own request path. */
export function reports(rule: Rule, entry: CorpusEntry): Promise<readonly Diagnostic[]> {
  const settings = entry.settings === undefined ? {} : { settings: { [rule.id]: entry.settings } };
  const policies = [rule.policy({ today: "2026-06-15", ...settings })] as Policies;
  return "resources" in entry
    ? analyzeStack(policies, entry.resources)
    : analyze(policies, entry).then(({ diagnostics }) => diagnostics);
}

export async function fires(rule: Rule, entry: CorpusEntry): Promise<boolean> {
  return isViolated(await reports(rule, entry));
}

/** Whether something is refused, and not only left undecided. */
export function isViolated(diagnostics: readonly Pick<Diagnostic, "message">[]): boolean {
  return diagnostics.some(({ message }) => !message.includes(UNDECIDED) && !message.includes("Exempt until"));
}
