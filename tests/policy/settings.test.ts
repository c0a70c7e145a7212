import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { JsonObject, JsonValue } from "../../plan/json-value";
import { schemaProblems } from "../../plan/policy-schema";
import { schemaOf } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { readSettings } from "../../policy/settings";
import { damaged, hostileValue } from "../support/arbitrary-properties";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../support/policy-request";

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value) ?? "null") as JsonValue;

/**
 * The engine refuses what a setting's schema forbids and the rule reports what it cannot read: were the two not the same, a wrong
 * setting would be told by neither, or a right one refused.
 */
describe("the settings of every rule", () => {
  for (const rule of rules) {
    const { properties } = schemaOf(rule.fields);
    for (const [name, field] of Object.entries(rule.fields)) {
      // Days and reasons have a meaning beyond their form; tests/policy/exemptions.test.ts has them.
      if (name === "exempt") continue;

      it(`mean the same to the engine and to the rule: ${rule.id} ${name}`, () => {
        const schema = properties[name] as unknown as JsonObject;
        assert.deepEqual(schemaProblems(schema, field.default as JsonValue, name), [], "the default");

        const value = fc.oneof(hostileValue, damaged(field.default)).map(asJson).filter(isKnown);
        fc.assert(
          fc.property(value, (given) => {
            const bySchema = schemaProblems(schema, given, name).length === 0;
            const byRule = readSettings({ [name]: field }, { [name]: given }).problems.length === 0;
            if (!bySchema) assert.equal(byRule, false);
            // Some settings are regular expressions, which a schema cannot check; the rule and `policy check-config` do.
            else if (!byRule) assert.ok(!textsIn(given).every(isRegularExpression), JSON.stringify(given));
          }),
          { numRuns: 60 },
        );
      });
    }
  }

  it("are told whatever is wrong with them, and never throw", () => {
    fc.assert(
      fc.property(hostileValue, (value) => {
        for (const { fields } of rules) {
          for (const problem of readSettings(fields, value).problems) assert.equal(typeof problem, "string");
        }
      }),
      { numRuns: 30 },
    );
  });
});

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text, "i");
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What an engine never configures: a mark of an unknown value. */
function isKnown(value: JsonValue): boolean {
  return ![UNKNOWN_STRING, UNKNOWN_ARRAY, UNKNOWN_NUMBER].some((mark) =>
    JSON.stringify(value).includes(mark),
  );
}
