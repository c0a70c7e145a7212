import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { asset } from "@pulumi/pulumi";
import { projectRoot } from "../cli/core/project-root";
import { bundle, classLabelsFile, functionHandler, invokeFunctionCode } from "../infra/lambda-code";
import { startRuntime } from "./support/runtime-server";

const entry = "lambda/invoke/index.mts";
const environment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  ENDPOINT_NAME: "e",
  MODEL_NAME: "breeds",
  CLASS_COUNT: "3",
  MAX_IMAGE_BYTES: "1000",
  // Nothing listens there: what is not told to go elsewhere goes nowhere.
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: "http://127.0.0.1:1",
};

describe("the function's bundle", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("has the same bytes each time and stays below 220 kB", async () => {
    const [first, second] = [await bundle(entry), await bundle(entry)];

    assert.equal(second, first);
    assert.ok(first.length < 220_000, `${first.length} bytes`);
    assert.doesNotMatch(first, /sourceMappingURL/);
  });

  it("imports nothing of Node by name, which would load all that a module of it offers", async () => {
    assert.doesNotMatch(await bundle(entry), /(?:from|import)\s*\(?"(?:node:|https?"|crypto"|fs"|stream")/);
  });

  it("has no provider of credentials but the environment", async () => {
    assert.doesNotMatch(await bundle(entry), /169\.254\.170\.2|sso_start_url|credential_process/);
  });

  it("reads no configuration files and speaks no event streams, which the SDK brings", async () => {
    assert.doesNotMatch(await bundle(entry), /AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|:event-type/);
  });

  it("is one archive per process and list of names, with the file that the handler's name tells", async () => {
    const archive = await invokeFunctionCode();
    const labelled = await invokeFunctionCode(["a", "b"]);

    assert.equal(await invokeFunctionCode(), archive);
    assert.equal(await invokeFunctionCode(["a", "b"]), labelled);
    assert.deepEqual(Object.keys(await archive.assets), ["index.mjs"]);
    assert.equal(functionHandler, "index.handler");
    const files = (await labelled.assets) as Record<string, asset.FileAsset>;
    assert.deepEqual(Object.keys(files), ["index.mjs", classLabelsFile]);
    assert.equal(await contentOf(files[classLabelsFile]), '["a","b"]');
    assert.equal(await contentOf(files["index.mjs"]), await bundle(entry));
  });

  it("keeps the names of one model beside those of the next", async () => {
    const archives = [await invokeFunctionCode(["Akita"]), await invokeFunctionCode(["Beagle"])];

    const labels = archives.map(async ({ assets }) =>
      contentOf(((await assets) as Record<string, asset.FileAsset>)[classLabelsFile]),
    );
    assert.deepEqual(await Promise.all(labels), ['["Akita"]', '["Beagle"]']);
  });

  it("lies in files that go with their process, so that no message to the engine carries it", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...["--require", join(projectRoot, "cli/loader.cjs"), "--eval"],
        `const { invokeFunctionCode } = require(${JSON.stringify(join(projectRoot, "infra/lambda-code.ts"))});
         invokeFunctionCode(["a"])
           .then(({ assets }) => assets)
           .then((files) => Promise.all(Object.values(files).map(({ path }) => path)))
           .then((paths) => process.stdout.write(JSON.stringify(paths.map((path) => [path, require("node:fs").statSync(path).size]))));`,
      ],
      { encoding: "utf8" },
    );

    assert.equal(status, 0, stderr);
    const files = JSON.parse(stdout) as [path: string, bytes: number][];
    assert.deepEqual(
      files.map(([path, bytes]) => [existsSync(path), bytes > 0]),
      [
        [false, true],
        [false, true],
      ],
    );
    assert.deepEqual([...new Set(files.map(([path]) => existsSync(dirname(path))))], [false]);
  });

  it("is ready when it is loaded: primed, connected, and with its names", async () => {
    const runtime = await startRuntime((response) => response.writeHead(200).end("[[1,2,3]]"));
    try {
      writeFileSync(join(folder, "index.mjs"), await bundle(entry));
      writeFileSync(join(folder, classLabelsFile), '["a","b","c"]');
      const stdout = await call(
        folder,
        `const image = Buffer.from([0xff, 0xd8, 0xff]).toString("base64");
         return handler({ image, top: 1 }, context);`,
        { AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: runtime.endpoint, CLASS_LABELS: classLabelsFile },
      );
      const [initialised, metrics, answer] = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));

      assert.deepEqual(initialised, { message: "initialised", priming: "done" });
      assert.deepEqual([metrics.ColdStart, metrics.statusCode], [1, 200]);
      assert.equal(JSON.parse(answer.body).predictions[0][0].label, "c");
      assert.deepEqual(
        runtime.seen.map(({ method, url }) => `${method} ${url}`),
        ["GET /ping", "POST /endpoints/e/invocations"],
      );
      assert.equal(runtime.connections().opened, 1);
    } finally {
      await runtime.close();
    }
  });

  it("starts where nothing can be reached, and answers", async () => {
    writeFileSync(join(folder, "index.mjs"), await bundle(entry));
    const stdout = await call(folder, "return handler({ health: true }, context);", {});
    const [initialised, answer] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

    assert.equal(initialised.priming, "failed");
    assert.equal(answer.body, '{"status":"ok","model":"breeds"}');
  });

  it("fails its initialisation, and with it the deployment, when the environment is wrong", async () => {
    writeFileSync(join(folder, "index.mjs"), await bundle(entry));
    const { status, stderr }: SpawnSyncReturns<string> = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", 'await import("./index.mjs");'],
      { cwd: folder, encoding: "utf8", env: { ...environment, MAX_BATCH: "0" } },
    );

    assert.equal(status, 1);
    assert.match(stderr, /MAX_BATCH is "0"/);
  });

  it("fails with file and line when the sources do not bundle", async () => {
    await assert.rejects(bundle("lambda/invoke/absent.ts"), /absent\.ts/);
  });
});

async function contentOf(file: asset.FileAsset | undefined): Promise<string> {
  return readFileSync((await file?.path) ?? "", "utf8");
}

/** Runs `body` behind an import of the bundle, and prints what it returns. Asynchronous: the endpoint is in this process. */
function call(cwd: string, body: string, env: Readonly<Record<string, string>>): Promise<string> {
  const script = `import { handler } from "./index.mjs";
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis: () => 5000 };
    const answer = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(answer) + "\\n");
    process.exitCode = 0;`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, ...env },
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => (status === 0 ? resolve(output) : reject(new Error(errors))));
  });
}
