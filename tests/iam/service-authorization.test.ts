import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "../../infra/iam/document";
import { holders, permissions } from "../fixtures/iam/stack";

interface Authorization {
  /** ARN formats with ${placeholders}; none where the action has no resource type. */
  readonly resources: readonly string[];
  readonly conditionKeys: readonly string[];
}

const { actions: reference } = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/iam/service-authorization.json"), "utf8"),
) as { actions: Record<string, Authorization> };

const grants = holders.flatMap((holder) =>
  permissions[holder].Statement.flatMap((statement) =>
    statement.Action.map((action) => ({ holder, action, statement, known: reference[action] })),
  ),
);

/** AWS takes a misspelt action, a wrong kind of ARN or a key that is never sent without a word: it just never matches. */
describe("every permission, held against AWS's service authorization reference", () => {
  it("is for an action that exists, in AWS's own spelling", () => {
    assert.deepEqual(
      grants.filter(({ known }) => known === undefined).map(({ action }) => action),
      [],
    );
  });

  it("is the only thing that the extract of the reference lists", () => {
    assert.deepEqual(Object.keys(reference), [...new Set(grants.map(({ action }) => action))].sort());
  });

  it("is for resources of a kind that the action is checked against", () => {
    const wrong = grants.flatMap(({ holder, action, statement, known }) =>
      (statement.Resource ?? [])
        .filter((resource) => resource !== "*")
        .filter((resource) => !known?.resources.some((format) => kindOf(format).test(resource)))
        .map((resource) => `${holder}: ${action} on ${resource}`),
    );

    assert.deepEqual(wrong, []);
  });

  it('has "*" only where the action has no resource type', () => {
    // Data sets are an optional resource of PutMetricData; what SageMaker's hosts write belongs to none.
    const optional = ["cloudwatch:PutMetricData"];

    const wrong = grants
      .filter(({ statement }) => statement.Resource?.includes("*"))
      .filter(({ action, known }) => known?.resources.length !== 0 && !optional.includes(action));

    assert.deepEqual(wrong, []);
  });

  it("has only conditions that AWS evaluates for the action", () => {
    const wrong = grants.flatMap(({ holder, action, statement, known }) =>
      keysOf(statement)
        .filter((key) => !key.startsWith("aws:") && !known?.conditionKeys.includes(key))
        .map((key) => `${holder}: ${action} by ${key}`),
    );

    assert.deepEqual(wrong, []);
  });
});

/** Placeholders stand for anything, wildcards included; those of buckets, regions and accounts end at a slash or colon. */
function kindOf(format: string): RegExp {
  const source = format
    .replace(/[.+^()|[\]\\?*]/g, "\\$&")
    .replace(/\$\{(\w+)\}/g, (_, name) =>
      /^(?:Partition|Region|Account|BucketName)$/.test(name) ? "[^:/]+" : ".+",
    );
  return new RegExp(`^${source}$`);
}

function keysOf({ Condition = {} }: Statement): string[] {
  return Object.values(Condition).flatMap((keys) => Object.keys(keys));
}
