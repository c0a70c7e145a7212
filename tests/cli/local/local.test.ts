import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";
import { describeWithPython } from "../../training/describe-with-python";

/**
 * The whole way with real PyTorch, as a user starts it. It does not prove that AWS's images run the package, nor accuracy on
 * photographs.
 */
describeWithPython("sagemaker-ops local", (python) => {
  const temporary = mkdtempSync(join(tmpdir(), "sagemaker-ops-local-test-"));
  after(() => rmSync(temporary, { recursive: true, force: true }));

  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [join(projectRoot, "cli/bin.cjs"), "local", ...args], {
      env: { ...process.env, NO_COLOR: "1", TMPDIR: temporary, SAGEMAKER_OPS_PYTHON: python() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      said.stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said.stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    return { child, said, ended };
  };
  const left = () => readdirSync(temporary).filter((name) => name.startsWith("sagemaker-ops-"));
  /** Processes that work in the run's folder, by their command lines. */
  const running = () =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(`${temporary}/sagemaker-ops-local-`));

  it("ends with a correct prediction through the serving contract, and leaves nothing", async () => {
    const { said, ended } = start(["--classes", "3", "--images", "20", "--json"]);

    const status = await ended;

    assert.equal(status, 0, said.stderr);
    const { ok, correct, sent, predictions, modelArchiveDigest, modelDigests } = JSON.parse(said.stdout);
    assert.deepEqual({ ok, sent }, { ok: true, sent: 3 });
    assert.ok(correct >= 2, said.stdout);
    assert.deepEqual(
      predictions.map(({ image }: { image: string }) => image.split("/")[0]),
      ["001.Red_vertical", "002.Green_horizontal", "003.Blue_rings"],
    );
    assert.match(modelArchiveDigest, /^[0-9a-f]{64}$/);
    assert.deepEqual(modelDigests, [modelArchiveDigest]);
    for (const step of [1, 2, 3, 4, 5, 6]) assert.ok(said.stderr.includes(`[${step}/6]`), said.stderr);
    assert.deepEqual(left(), []);
    assert.deepEqual(running(), []);
  });

  it("ends its programs and removes its folder when it is stopped in the middle of a training", async () => {
    const { child, said, ended } = start([]);
    while (running().length === 0 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));

    child.kill("SIGINT");
    const status = await ended;

    assert.equal(status, 130, said.stderr);
    assert.match(said.stderr, /Stopping what was started \(SIGINT\)\.\nStopped\.\n$/);
    assert.equal(said.stdout, "");
    assert.deepEqual(left(), []);
    assert.deepEqual(running(), []);
  });

  it("says at once that a port is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const { said, ended } = start(["--port", String(port)]);

    const status = await ended;
    await new Promise((resolve) => taken.close(resolve));

    assert.equal(status, 2, said.stderr);
    assert.equal(
      said.stderr,
      `127.0.0.1:${port} cannot be listened at (EADDRINUSE). Choose another --port, or 0 for a free one.\n`,
    );
    assert.deepEqual(left(), []);
  });
});
