import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dataScenarios } from "./data-scenarios";
import { killTools } from "./kill-tools";
import { pruneScenarios } from "./model-scenarios";

/** Each command, its first call, what it does on the disk, and which other programs it starts. */
const commands = [
  ["prune --yes", "GetCallerIdentity", [], []],
  ["data upload", "ListObjectsV2", [], []],
  ["prices refresh", "GetProducts", ["writeFileSync", "renameSync", "rmSync"], []],
  [
    "recover --yes",
    "GetCallerIdentity",
    ["mkdtempSync", "mkdirSync", "writeFileSync", "writeFileSync", "rmSync"],
    ["cancel --stack", "stack export", "stack import", "refresh --stack", "stack export"],
  ],
] as const;

/** As of the commands on models. What `pulumi` itself leaves where it is killed is its own engine's, and is tested with that. */
describe("a command on data, prices, leftovers or a state that is killed", function () {
  this.timeout(900_000);
  const { killEverywhere } = killTools();

  for (const [title, first, fileChanges, starts] of commands)
    it(`${title}, is done when it is given again, wherever it was, and nothing of it is done twice`, async () => {
      const scenario = [...pruneScenarios, ...dataScenarios].find((one) => one.title === title);
      assert.ok(scenario !== undefined);

      const course = await killEverywhere(scenario);

      assert.equal(course.calls[0], first);
      assert.deepEqual([course.fileChanges, course.starts], [fileChanges, starts]);
    });
});
