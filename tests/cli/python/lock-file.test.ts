import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, it } from "mocha";
import { withLock } from "../../../cli/core/python/lock-file";

describe("a lock file", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-lock-"));
  after(() => rmSync(folder, { recursive: true }));
  const lock = join(folder, "lock");
  const quick = { pollMs: 5 };

  it("lets one work at a time, and leaves nothing", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(10);
      inside -= 1;
    };

    await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work, quick)));

    assert.equal(most, 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is given back where the work fails", async () => {
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error("broken"))),
      /broken/,
    );

    assert.equal(existsSync(lock), false);
  });

  it("is taken over at once from a process that is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.on("close", resolve));
    writeFileSync(lock, JSON.stringify({ pid: child.pid, host: hostname() }));

    assert.equal(await withLock(lock, () => Promise.resolve("done"), quick), "done");
  });

  it("is waited for while its process lives, and says whose it is", async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    const waited: string[] = [];

    const taken = withLock(
      lock,
      () => Promise.resolve("done"),
      quick,
      (holder) => waited.push(holder),
    );
    await pause(50);
    assert.equal(existsSync(lock), true);
    rmSync(lock);

    assert.equal(await taken, "done");
    assert.deepEqual(waited, [`process ${process.pid} on ${hostname()}`]);
  });

  it("is taken over from another computer only where it gives no sign of life", async () => {
    const taken: string[] = [];
    writeFileSync(lock, JSON.stringify({ pid: 1, host: "another" }));
    const waiting = withLock(lock, async () => taken.push("done"), { ...quick, staleMs: 60_000 });
    await pause(50);
    assert.deepEqual(taken, []);

    utimesSync(lock, new Date(0), new Date(0));
    await waiting;

    assert.deepEqual(taken, ["done"]);
  });
});
