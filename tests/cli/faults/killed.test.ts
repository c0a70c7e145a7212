import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { killTools } from "./kill-tools";
import { modelScenarios } from "./model-scenarios";

/** A folder for the artifact, and the stack's file by a draft. */
const promoted = ["mkdtempSync", "writeFileSync", "renameSync", "rmSync", "rmSync"];
/** The artifact is fetched into the folder. */
const fetched = ["mkdtempSync", "createWriteStream", "writeFileSync", "renameSync", "rmSync", "rmSync"];

/** Each command, and what it does on the disk. */
const commands: readonly (readonly [title: string, fileChanges: readonly string[]])[] = [
  ["promote from a file", promoted],
  ["promote from an object of S3", fetched],
  ["promote from a job", fetched],
  ["promote from a tuning job", fetched],
  ["promote from the training box", fetched],
  ["promote into the model registry", promoted],
  ["approve", []],
  ["rollback", ["writeFileSync", "renameSync", "rmSync"]],
  ["rollback to what is in the model registry", ["writeFileSync", "renameSync", "rmSync"]],
];

/**
 * The commands as processes of their own that get SIGKILL as a call arrives, when AWS has done it and has not answered, before each
 * change of a file, halfway through a text, and after the last. What AWS does with half a request, and a disk that loses what was written, are not
 * in it: the kernel keeps what a killed process has written.
 */
describe("a command on models that is killed", function () {
  this.timeout(900_000);
  const { killEverywhere } = killTools();

  for (const [title, fileChanges] of commands)
    it(`${title}, is done when it is given again, wherever it was, and nothing of it is done twice`, async () => {
      const scenario = modelScenarios.find((one) => one.title === title);
      assert.ok(scenario !== undefined);

      const course = await killEverywhere(scenario);

      assert.deepEqual(course.fileChanges, fileChanges);
      assert.equal(course.calls[0], "GetCallerIdentity");
    });
});
