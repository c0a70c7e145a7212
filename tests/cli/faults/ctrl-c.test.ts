import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";
import { awsEnvironment } from "../prune/prune-tools";
import { dataScenarios } from "./data-scenarios";
import { startFaultProxy } from "./fault-proxy";
import { modelScenarios, pruneScenarios } from "./model-scenarios";

/** The command, and the call in the middle of which somebody presses Ctrl-C. */
const cases: readonly (readonly [title: string, operation: string])[] = [
  ["promote from a file", "PutObject"],
  ["promote from a job", "CopyObject"],
  ["data upload", "PutObject"],
  ["prune --yes", "DeleteModel"],
  ["verify", "InvokeEndpoint"],
];

/**
 * The commands as processes of their own that get a terminal's SIGINT while a call has no answer yet. `train wait` and `logs`, which
 * have an end of their own for it, are tested elsewhere.
 */
describe("a command that Ctrl-C ends in the middle of a call", function () {
  this.timeout(120_000);
  let scratch: string;
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "sagemaker-ops-ctrl-c-"));
  });
  after(() => rmSync(scratch, { recursive: true }));

  for (const [title, operation] of cases)
    it(`${title}, ends by the signal, leaves nothing half written, and is done when it is given again`, async () => {
      const scenario = [...modelScenarios, ...pruneScenarios, ...dataScenarios].find(
        (one) => one.title === title,
      );
      assert.ok(scenario !== undefined);
      for (const name of leftIn(scratch)) rmSync(join(scratch, name), { recursive: true });
      const undisturbed = await scenario.begin();
      const begun = undisturbed.state();
      assert.equal((await undisturbed.run(undisturbed.target)).status, 0);
      const ended = undisturbed.state();
      await undisturbed.close();
      const world = await scenario.begin();
      const proxy = await startFaultProxy(world.target);
      try {
        const child = spawn(
          process.execPath,
          [
            ...["--require", join(projectRoot, "cli/loader.cjs"), join(__dirname, "command-process.ts")],
            ...[world.folder, ...world.line(proxy.origin)],
          ],
          {
            env: { ...process.env, ...awsEnvironment(proxy.origin, world.folder), TMPDIR: scratch },
            stdio: ["ignore", "ignore", "pipe"],
          },
        );
        let said = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          said += text;
        });
        const closed = new Promise<unknown>((resolve) =>
          child.on("close", (code, signal) => resolve(signal ?? code)),
        );
        proxy.fault = (call) => {
          if (call.operation !== operation) return undefined;
          child.kill("SIGINT");
          return "silence";
        };

        // A shell tells 130 of a process that ends so.
        assert.equal(await closed, "SIGINT", said);

        assert.ok(proxy.calls.some((call) => call.operation === operation));
        assert.deepEqual(leftIn(scratch), []);
        for (const line of world.state())
          assert.ok(begun.includes(line) || ended.includes(line) || line.startsWith("unfinished"), line);
        proxy.fault = () => undefined;
        const again = await world.run(proxy.origin);
        assert.equal(again.status, 0, again.stderr);
        assert.deepEqual(world.state(), ended);
      } finally {
        await proxy.close();
        await world.close();
      }
    });
});

/** What a command has left; the loader of the sources keeps its own. */
function leftIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith("sagemaker-ops"));
}
