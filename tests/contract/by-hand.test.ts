import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../../cli/core/plan-stack";
import { projectRoot } from "../../cli/core/project-root";

describe("docs/by-hand.md", () => {
  it("names resources and jobs that the dev plan has", async () => {
    const rows = readFileSync(join(projectRoot, "docs/by-hand.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| by hand"));
    const named = rows.map((line) =>
      [...(line.split("|")[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    );
    const { resources } = await planStack({ stack: "dev" });
    const known = new Set(resources.map(({ name }) => name));

    assert.ok(rows.length >= 20);
    assert.deepEqual(
      named.filter((names) => names.length === 0),
      [],
      "a row without a resource",
    );
    assert.deepEqual(
      named.flat().filter((name) => !known.has(name)),
      [],
    );
  }).timeout(60_000);
});
