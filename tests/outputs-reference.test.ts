import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../cli/core/project-root";
import { contractReference } from "../infra/outputs-reference";

const reference = contractReference();
const rows = reference.split("\n").filter((line) => line.startsWith("| `") && line.split(" | ").length === 4);

describe("the reference of the outputs contract", () => {
  it("has a row for every field, down to those inside named entries and lists", () => {
    const fields = rows.map((row) => row.split("`")[1] ?? "");

    for (const field of [
      "contractVersion",
      "endpoints.<name>.functionAliasArn",
      "buckets.models",
      "cost.ceilingMonthlyUsd",
      "jobs.<name>.jobName",
      "pending[].nextCommand",
    ]) {
      assert.ok(fields.includes(field), `${field} is not among ${fields.join(", ")}`);
    }
    assert.equal(fields.length, new Set(fields).size);
  });

  it("says of every field what it is", () => {
    assert.deepEqual(
      rows.filter((row) => /\| *\|$/.test(row)),
      [],
    );
  });

  it("tells kind and presence of a field", () => {
    for (const row of [
      '| `contractVersion` | `"1"` | always | Version of the contract; read it first. |',
      "| `endpoints.<name>.functionAliasArn` | ARN | sometimes | What callers invoke. |",
      '| `pending[].kind` | `"job"` or `"tuning"` or `"endpoint"` | always | What it will be. |',
    ]) {
      assert.ok(rows.includes(row), row);
    }
  });

  it("is what docs/outputs-contract.md holds", () => {
    assert.equal(
      readFileSync(join(projectRoot, "docs/outputs-contract.md"), "utf8"),
      reference,
      "write it anew with: npm run docs",
    );
  });
});
