import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { CommandError } from "../../../cli/core/exit-status";
import { runStep } from "../../../cli/core/local/run-step";
import { startServing } from "../../../cli/core/local/serve";

/** The programs here are scripts that stand for Python's. */
describe("a step of a local run", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-steps-"));
  after(() => rmSync(folder, { recursive: true }));
  let next = 0;
  const program = (script: string) => {
    const python = join(folder, `program-${next++}`);
    writeFileSync(python, `#!/bin/sh\n${script}\n`);
    chmodSync(python, 0o755);
    return { python, args: [] };
  };
  const { env } = process;

  it("gives its output", async () => {
    assert.equal(await runStep("Packing", program("echo sha256=abc"), { env }), "sha256=abc\n");
  });

  it("that fails is named, with its status and the end of its output", async () => {
    const failing = program("for i in $(seq 1 40); do echo line $i; done; echo 'error: no data' >&2; exit 3");

    await assert.rejects(runStep("The training", failing, { env }), (error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.status, 1);
      assert.match(error.message, /^The training ended with status 3\.\n/);
      assert.match(error.message, /\n {2}error: no data\n/);
      assert.match(error.message, /\nRun it with --keep to look at what it left\.$/);
      assert.ok(error.message.split("\n").length <= 17, error.message);
      return true;
    });
  });

  it("that a signal has ended is no success", async () => {
    await assert.rejects(
      runStep("Packing", program("kill -9 $$"), { env }),
      /Packing was ended by a signal\./,
    );
  });

  it("that serves and ends before it is ready is named with its output", async () => {
    const serving = startServing(program("echo 'error: the model is damaged' >&2; exit 1"), { env });

    await assert.rejects(
      serving,
      /The serving process ended with status 1\.\n {2}error: the model is damaged\n/,
    );
  });

  it("that serves is waited for until it says that it is ready and answers, and ends when it is stopped", async () => {
    const node = JSON.stringify(process.execPath);
    const script = `require("node:http").createServer((q, r) => { r.statusCode = q.url === "/ping" && Date.now() > start + 300 ? 200 : 503; r.end(); })
.listen(0, "127.0.0.1", function () { console.log("loading"); console.log(JSON.stringify({ message: "ready", port: this.address().port })); });`;

    const { origin, stop } = await startServing(
      program(`exec ${node} -e 'const start = Date.now(); ${script}'`),
      { env },
    );
    const before = (await fetch(new URL("/ping", origin))).status;
    await stop();

    assert.equal(before, 200);
    await assert.rejects(fetch(new URL("/ping", origin)), TypeError);
  });
});
