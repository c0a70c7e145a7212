import assert from "node:assert/strict";
import { configurationJsonSchema, configurationReference } from "../../infra/config/reference";
import { stackSchema } from "../../infra/config/schema/stack";

const reference = configurationReference();

describe("the configuration reference", () => {
  it("has a chapter or a row for every key at the top", () => {
    const missing = Object.keys(stackSchema.shape).filter(
      (key) =>
        !reference.includes(`\n## ${key}\n`) &&
        !reference.includes(`\n| \`${key === "region" ? "aws:region" : key}\` |`),
    );

    assert.deepEqual(missing, []);
  });

  it("describes every key", () => {
    const undescribed = reference
      .split("\n")
      .filter((line) => line.startsWith("| ") && / \| *\|$/.test(line) && !line.includes("no further key"));

    assert.deepEqual(undescribed, []);
  });

  it("gives range, default and kinds of a key", () => {
    for (const line of [
      "| `maxRuntimeMinutes` | a whole number from 5 to 40320 | **required** | Hard stop of one trial in minutes. |",
      "| `aws:region` | an AWS region such as us-east-1 | **required** | AWS region of every resource: the stack's `aws:region`. |",
      "| `all-at-once`, `canary`, `linear` | `terminationWaitSeconds` | a whole number from 0 to 3600 | `120` | How long the old fleet is kept after all traffic has moved, for a quick way back. |",
      "| `retain` |  | no further key |  |  |",
    ]) {
      assert.ok(reference.includes(`\n${line}\n`), line);
    }
  });

  it("has tables whose rows all have as many cells as their head", () => {
    const tables = reference
      .trim()
      .split("\n\n")
      .filter((part) => part.startsWith("| "));
    const uneven = tables.filter(
      (table) => new Set(table.split("\n").map((line) => line.split(/(?<!\\)\|/).length)).size !== 1,
    );

    assert.equal(tables.length > 30, true);
    assert.deepEqual(uneven, []);
  });

  it("has no heading twice", () => {
    const headings = reference.split("\n").filter((line) => line.startsWith("#"));

    assert.deepEqual(
      headings.filter((line, index) => headings.indexOf(line) !== index),
      [],
    );
  });
});

describe("the configuration's JSON Schema", () => {
  const schema = configurationJsonSchema() as {
    $schema: string;
    required: string[];
    additionalProperties: boolean;
    properties: Record<string, unknown>;
  };

  it("describes what may be written: defaults are not required, unknown keys are refused", () => {
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.deepEqual(schema.required, [
      "region",
      "environment",
      "owner",
      "costCentre",
      "ceilings",
      "alarms",
      "budget",
    ]);
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(Object.keys(schema.properties), Object.keys(stackSchema.shape));
  });
});
