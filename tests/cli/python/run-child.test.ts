import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { runChild, startChild } from "../../../cli/core/python/run-child";

describe("a child process", () => {
  const env = process.env;
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it("gives its status, its output and each line", async () => {
    const lines: string[] = [];
    const script = "printf 'one\\ntwo\\r\\nthree'; echo bad >&2; exit 4";

    const { status, output } = await runChild("sh", ["-c", script], {
      env,
      onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    });

    assert.equal(status, 4);
    assert.match(output, /one\ntwo\r\nthree/);
    assert.deepEqual(lines.sort(), ["stderr: bad", "stdout: one", "stdout: three", "stdout: two"]);
  });

  it("ends with all that it has started, also what does not listen to SIGTERM", async () => {
    const pids: number[] = [];
    const script = "sleep 60 & echo $!; sh -c 'trap \"\" TERM; while :; do sleep 60; done' & echo $!; wait";
    const aborting = new AbortController();
    const ended = runChild("sh", ["-c", script], {
      env,
      signal: aborting.signal,
      onLine: (line) => {
        pids.push(Number(line));
        if (pids.length === 2) setTimeout(() => aborting.abort(new Error("enough")), 50);
      },
    });

    await assert.rejects(ended, /enough/);

    assert.equal(pids.length, 2);
    for (let look = 0; look < 100 && pids.some(isAlive); look++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it("is not started after the stop", async () => {
    await assert.rejects(
      runChild("sh", ["-c", "exit 0"], { env, signal: AbortSignal.abort(new Error("before")) }),
      /before/,
    );
  });

  it("that cannot be started is an error, and stopping it is none", async () => {
    await assert.rejects(runChild("/nowhere/python", [], { env }), /ENOENT/);
    const child = startChild("/nowhere/python", [], { env });

    await child.stop();

    await assert.rejects(child.ended, /ENOENT/);
  });
});
