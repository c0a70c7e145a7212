import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, it } from "mocha";
import { sampleFiles } from "../../../cli/core/data/sample-set";
import { projectRoot } from "../../../cli/core/project-root";
import { buildZip } from "./build-zip";
import { contentsOf, dataTools } from "./data-tools";
import { startFileServer } from "./file-server";
import { startS3Server } from "./s3-server";

/** The commands as processes of their own that are killed where they have no chance to tidy up, and then started again. */
describe("a data command that was killed", function () {
  this.timeout(120_000);
  const { fresh, write } = dataTools();
  const files = () =>
    [...sampleFiles({ classes: 5, perClass: 60, size: 24, seed: 3 })].map(
      ({ path, bytes }) => [path, bytes()] as const,
    );
  const wanted = () =>
    new Map(
      files()
        .map(([path, content]) => [path, Buffer.from(content)] as const)
        .sort(),
    );
  const archive = () => buildZip(files().map(([path, content]) => ({ name: `dogImages/${path}`, content })));
  const hidden = (folder: string) =>
    readdirSync(dirname(folder)).filter((name) => name.startsWith(`.${basename(folder)}`));

  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [join(projectRoot, "cli/bin.cjs"), "data", ...args], {
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    return { child, ended, said: () => stderr };
  };
  /** Kills it as soon as `reached` says so; fails where it has ended before. */
  const killWhen = async ({ child, ended, said }: ReturnType<typeof start>, reached: () => boolean) => {
    while (!reached()) {
      assert.equal(hasEnded(child), false, `it ended before it could be killed: ${said()}`);
      await pause(2);
    }
    child.kill("SIGKILL");
    assert.equal(await ended, null);
  };

  it("while it extracted leaves no folder, and gives the same one the next time", async () => {
    const [zip, target] = [`${fresh()}.zip`, fresh()];
    writeFileSync(zip, archive());
    const unfinished = join(dirname(target), `.${basename(target)}.unfinished`);
    await killWhen(
      start(["fetch", zip, target]),
      () =>
        existsSync(unfinished) &&
        readdirSync(unfinished, { recursive: true }).some((name) => String(name).endsWith(".jpg")),
    );
    assert.equal(existsSync(target), false);

    const again = start(["fetch", zip, target]);

    assert.equal(await again.ended, 0, again.said());
    assert.deepEqual(contentsOf(target), wanted());
    assert.deepEqual(hidden(target), []);
  });

  it("while it downloaded goes on where it was", async () => {
    const content = archive();
    const server = await startFileServer({ content, slowMs: 5 });
    try {
      const target = fresh();
      const part = join(dirname(target), `.${basename(target)}.download`);
      await killWhen(
        start(["fetch", server.url, target]),
        () => (statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 10_000,
      );
      const arrived = statSync(part).size;
      assert.ok(arrived < content.length);

      server.change({ content });
      const again = start(["fetch", server.url, target]);

      assert.equal(await again.ended, 0, again.said());
      assert.deepEqual(server.ranges, [`bytes=${arrived}-`]);
      assert.deepEqual(contentsOf(target), wanted());
      assert.deepEqual(hidden(target), []);
    } finally {
      await server.close();
    }
  });

  it("while it generated leaves no folder, and gives the same one the next time", async () => {
    const target = fresh();
    const args = ["sample", target, "--classes", "5", "--per-class", "60", "--size", "24", "--seed", "3"];
    const unfinished = join(dirname(target), `.${basename(target)}.unfinished`);
    await killWhen(start(args), () => existsSync(join(unfinished, "train")));
    assert.equal(existsSync(target), false);

    const again = start(args);

    assert.equal(await again.ended, 0, again.said());
    assert.deepEqual(contentsOf(target), wanted());
    assert.deepEqual(hidden(target), []);
  });

  it("while it uploaded leaves no manifest, and sends the rest the next time", async () => {
    const s3 = await startS3Server();
    try {
      const root = write(fresh(), files());
      const env = {
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
        AWS_PROFILE: "",
        AWS_CONFIG_FILE: "/nowhere",
        AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      };
      const args = ["upload", root, "--bucket", "data", "--endpoint", s3.url, "--concurrency", "4"];
      s3.fault = () => ({ kind: "wait", ms: 10 });
      await killWhen(start(args, env), () => s3.objects.size >= 20);
      assert.equal(s3.objects.has("dogImages/manifest.txt"), false);
      // What was on its way when it was killed arrives or does not.
      await pause(100);
      const there = s3.objects.size;

      s3.fault = () => undefined;
      s3.requests.length = 0;
      const again = start(args, env);

      assert.equal(await again.ended, 0, again.said());
      assert.equal(s3.requests.filter((request) => request.startsWith("PUT ")).length, 300 - there + 1);
      s3.objects.delete("dogImages/manifest.txt");
      assert.deepEqual(
        new Map(
          [...s3.objects]
            .map(([key, { content }]) => [key.replace("dogImages/", ""), content] as const)
            .sort(),
        ),
        wanted(),
      );
    } finally {
      await s3.close();
    }
  });
});

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
