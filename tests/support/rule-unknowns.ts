import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { UNDECIDED } from "../../policy/findings";
import type { Rule } from "../../policy/rule";
import { UNKNOWN_STRING } from "./policy-request";
import { describeRule, diagnose, type RuleCases } from "./rule-cases";

/**
 * `describeRule`, and that a preview is never blocked by what it does not know yet: a passing request with any one of its values
 * unknown, at any depth, is at most undecided.
 */
export function describeRuleWithUnknowns(rule: Rule, cases: RuleCases): void {
  describeRule(rule, cases);

  describe(`${rule.id} and what is unknown`, () => {
    for (const { title, ...request } of cases.pass) {
      it(`is at most undecided about ${title}, whatever of it is unknown`, async () => {
        for (const { props, where } of unknownsIn(request.props)) {
          for (const { level, message } of await diagnose(rule, { ...request, props })) {
            assert.ok(message.includes(UNDECIDED) && level === "advisory", `${where}: ${level} ${message}`);
          }
        }
      });
    }
  });
}

interface Unknowing {
  readonly where: string;
  readonly props: Record<string, unknown>;
}

function unknownsIn(props: Record<string, unknown>): readonly Unknowing[] {
  return replacements(props, "").map(({ where, value }) => ({
    where,
    props: value as Record<string, unknown>,
  }));
}

function replacements(value: unknown, path: string): readonly { where: string; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const where = `${path}.${key}`;
    const inside = replacements(member, where);
    return [{ where, value: UNKNOWN_STRING }, ...inside].map((change) => ({
      where: change.where,
      value: Array.isArray(value)
        ? value.map((entry, index) => (String(index) === key ? change.value : entry))
        : { ...value, [key]: change.value },
    }));
  });
}
