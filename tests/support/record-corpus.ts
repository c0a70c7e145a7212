import type { Rule } from "../../policy/rule";
import type { CorpusEntry } from "./rule-corpus";
import { type Checked, wrapRules } from "./wrap-rules";

// A process of its own for `UPDATE_CORPUS=1 mocha tests/policy/corpus.test.ts`, as it replaces the module that makes rules:
// runs every rule's own tests, and prints for each rule the smallest request without unknowns that violated it, as JSON.

const violating = new Map<string, Checked[]>();
wrapRules(
  (_id, findings) => findings,
  (checked) => {
    const isViolation = checked.findings.some(({ kind }) => kind === "violation");
    if (isViolation && isKnown(checked.subject)) {
      violating.set(checked.id, [...(violating.get(checked.id) ?? []), checked]);
    }
  },
);

async function main(): Promise<void> {
  const { rules } = require("../../policy/rules") as typeof import("../../policy/rules");
  const { firstFailure } = require("./rule-tests") as typeof import("./rule-tests");
  const { fires } = require("./rule-corpus") as typeof import("./rule-corpus");

  const corpus: Record<string, CorpusEntry> = {};
  for (const rule of rules) {
    await firstFailure(rule, false);
    const entries = (violating.get(rule.id) ?? [])
      .map((checked) => entryOf(rule, checked))
      .sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
    for (const entry of entries) {
      if (!(await fires(rule, entry))) continue;
      corpus[rule.id] = entry;
      break;
    }
  }
  process.stdout.write(`${JSON.stringify(corpus, undefined, 2)}\n`);
}

interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly region?: string;
  readonly protect: boolean;
  readonly parent?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

function entryOf(rule: Rule, { kind, subject, settings }: Checked): CorpusEntry {
  const own = Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(rule.fields[name]?.default),
    ),
  );
  const shared = Object.keys(own).length === 0 ? {} : { settings: own };
  if (kind === "resource") return { ...requestOf(subject as Recorded), ...shared };
  const resources = (subject as readonly Recorded[]).map((resource) => ({
    ...requestOf(resource),
    urn: resource.urn,
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    ...(Object.keys(resource.propertyDependencies ?? {}).length === 0
      ? {}
      : { propertyDependencies: resource.propertyDependencies ?? {} }),
  }));
  return { resources, ...shared };
}

function requestOf({ type, name, properties, region }: Recorded) {
  return { type, name, props: { ...properties, ...(region === undefined ? {} : { region }) } };
}

/** Whether JSON can hold it as it is. */
function isKnown(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return typeof value !== "symbol";
  return Object.values(value).every(isKnown);
}

main().catch((error: unknown) => {
  // Without this mocha's own handler takes the rejection, and the process ends as if all were well.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
