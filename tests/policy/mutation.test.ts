import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "mocha";
import { rules } from "../../policy/rules";

const script = resolve(__dirname, "../support/mutate-rules.ts");
const run = promisify(execFile);

/** Proves that a rule's tests notice a rule that is switched off; not that they notice every smaller change to it. */
describe("the tests of each rule", () => {
  it("fail for the rule when it finds nothing, finds something everywhere, or passes over what is not known", async () => {
    const halves = await Promise.all(
      ["0", "1"].map((part) => run(process.execPath, ["--require", "tsx/cjs", script, part, "2"])),
    );

    const results = halves.map(
      ({ stdout }) => JSON.parse(stdout) as { rules: number; survivors: readonly string[] },
    );
    assert.deepEqual(
      results.flatMap(({ survivors }) => survivors),
      [],
    );
    assert.equal(
      results.reduce((sum, result) => sum + result.rules, 0),
      rules.length,
    );
  }).timeout(300_000);
});
