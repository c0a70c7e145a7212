import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { UNDECIDED } from "../../policy/findings";
import type { Rule } from "../../policy/rule";
import {
  analyze,
  type Diagnostic,
  type PolicyRequest,
  secret,
  UNKNOWN_ARRAY,
  UNKNOWN_STRING,
} from "./policy-request";

export interface PassingCase extends PolicyRequest {
  readonly title: string;
  /** The rule's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface ViolatingCase extends PassingCase {
  /** What the message must say: the value, what is allowed, what to do. */
  readonly says: RegExp;
}

export interface RuleCases {
  readonly pass: readonly PassingCase[];
  readonly violate: readonly ViolatingCase[];
  /** Top-level properties whose being unknown leaves the first violating case a violation still. @default [] */
  readonly decidedWithout?: readonly string[];
}

const BYSTANDER: PolicyRequest = {
  type: "aws:rds/instance:Instance",
  props: { instanceClass: "db.t3.micro" },
};

const WRONG_TYPES = [17, "text", true, [], ["text"], [[null]], {}, { text: 1 }, null];

/**
 * The tests every resource rule has, through the SDK's own request path: passing and violating inputs, other resources, and for
 * each property in turn: unknown, missing, of a wrong type and secret.
 */
export function describeRule(rule: Rule, { pass, violate, decidedWithout = [] }: RuleCases): void {
  describe(rule.id, () => {
    for (const request of pass) {
      it(`passes ${request.title}`, async () => {
        assert.deepEqual(await diagnose(rule, request), []);
      });
    }

    for (const request of violate) {
      it(`refuses ${request.title}`, async () => {
        const found = await diagnose(rule, request);

        const level = rule.level === "mandatory" ? "mandatory" : "advisory";
        const violations = found.filter(({ message }) => !message.includes(UNDECIDED));
        assert.ok(violations.length > 0, `no violation among ${JSON.stringify(found)}`);
        assert.deepEqual([...new Set(violations.map((diagnostic) => diagnostic.level))], [level]);
        assert.match(violations.map(({ message }) => message).join("\n"), request.says);
      });
    }

    it("is not applicable to other resources", async () => {
      const answer = await analyze([rule.policy()] as Policies, BYSTANDER);
      assert.deepEqual(answer, { diagnostics: [], notApplicable: [rule.id] });
    });

    const [subject] = violate;
    if (subject === undefined) throw new Error(`${rule.id} has no violating case`);

    it("says that it is undecided, and never passes, while a property of the violation is unknown", async () => {
      const read = new Set(rule.reads[subject.type]);
      for (const property of Object.keys(subject.props).filter((name) => read.has(name))) {
        for (const unknown of [UNKNOWN_STRING, UNKNOWN_ARRAY]) {
          const found = await diagnose(rule, {
            ...subject,
            props: { ...subject.props, [property]: unknown },
          });

          assertSound(found, property);
          const violated = found.some(({ message }) => !message.includes(UNDECIDED));
          if (decidedWithout.includes(property))
            assert.ok(violated, `${property} unknown hides the violation`);
          else assert.ok(found.length > 0, `${property} unknown passes in silence`);
        }
      }
    });

    it("neither fails nor stops for a property that is missing or of a wrong type, at any depth", async () => {
      for (const { type, props } of [...violate, ...pass]) {
        for (const { changed, where } of mutations(props)) {
          assertSound(await diagnose(rule, { ...subject, type, props: changed }), where);
        }
        for (const property of rule.reads[type] ?? []) {
          for (const value of WRONG_TYPES) {
            const changed = { ...props, [property]: value };
            assertSound(await diagnose(rule, { ...subject, type, props: changed }), property);
          }
        }
      }
    });

    it("judges a secret as the value that it is", async () => {
      const hidden = Object.fromEntries(
        Object.entries(subject.props).map(([name, value]) => [
          name,
          value === undefined || value === null ? value : secret(value),
        ]),
      );
      assert.deepEqual(await diagnose(rule, { ...subject, props: hidden }), await diagnose(rule, subject));
    });
  });
}

/** What a rule reports on one resource. */
export async function diagnose(
  rule: Rule,
  { settings, ...request }: PolicyRequest & { readonly settings?: Readonly<Record<string, unknown>> },
  today = "2026-06-15",
): Promise<readonly Diagnostic[]> {
  const options = { today, ...(settings === undefined ? {} : { settings: { [rule.id]: settings } }) };
  return (await analyze([rule.policy(options)] as Policies, request)).diagnostics;
}

function assertSound(found: readonly Diagnostic[], where: string): void {
  for (const { message } of found) {
    assert.doesNotMatch(message, /the rule itself failed|can't run policy/, where);
    assert.doesNotMatch(message, /\bundefined\b|\[object |\bNaN\b/, where);
  }
}

interface Mutation {
  readonly where: string;
  readonly changed: Record<string, unknown>;
}

/** The properties with one value at any depth missing, unknown or of a wrong type. */
function mutations(props: Record<string, unknown>): readonly Mutation[] {
  return variants(props, "").map(({ value, where }) => ({
    where,
    changed: value as Record<string, unknown>,
  }));
}

function variants(value: unknown, path: string): readonly { value: unknown; where: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const where = `${path}.${key}`;
    const instead = [UNKNOWN_STRING, 17, "text", [], {}, null].map((other) => ({ value: other, where }));
    const changes = [...instead, ...variants(member, where)].map((change) => ({
      where: change.where,
      value: replace(value, key, change.value),
    }));
    return Array.isArray(value) ? changes : [{ where, value: without(value, key) }, ...changes];
  });
}

function replace(holder: object, key: string, value: unknown): unknown {
  return Array.isArray(holder)
    ? holder.map((entry, index) => (String(index) === key ? value : entry))
    : { ...holder, [key]: value };
}

function without(holder: object, key: string): unknown {
  return Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key));
}
