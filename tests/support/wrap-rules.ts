import type { Finding } from "../../policy/findings";
import type * as ruleModule from "../../policy/rule";

/** What a rule's `check` was given, and what it found. */
export interface Checked {
  readonly id: string;
  readonly kind: "resource" | "stack";
  readonly subject: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
}

/** What a rule's findings become. */
export type Change = (id: string, findings: readonly Finding[]) => readonly Finding[];

type Spec = { readonly id: string; check(subject: never, settings: never): readonly Finding[] };

/**
 * From now on, rules that are loaded have their `check` watched and its findings changed. Must run before any rule is loaded: it
 * puts its own functions in the place of the module that makes rules.
 */
export function wrapRules(change: Change, seen: (checked: Checked) => void): void {
  const path = require.resolve("../../policy/rule");
  const original = require(path) as typeof ruleModule;
  const loaded = require.cache[path];
  if (loaded === undefined) throw new Error(`${path} is not in the cache after it was loaded`);

  const wrapped = (make: unknown, kind: Checked["kind"]) => (spec: Spec) =>
    (make as (spec: Spec) => unknown)({
      ...spec,
      check: (subject: never, settings: never) => {
        const findings = spec.check(subject, settings);
        seen({ id: spec.id, kind, subject, settings, findings });
        return change(spec.id, findings);
      },
    });
  loaded.exports = {
    ...original,
    resourceRule: wrapped(original.resourceRule, "resource"),
    stackRule: wrapped(original.stackRule, "stack"),
  };
}
