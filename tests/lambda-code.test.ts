import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, functionHandler, invokeFunctionCode } from "../infra/lambda-code";

describe("the function's bundle", () => {
  it("has the same bytes each time and stays below 350 kB", async () => {
    const [first, second] = [
      await bundle("lambda/invoke/handler.ts"),
      await bundle("lambda/invoke/handler.ts"),
    ];

    assert.equal(second, first);
    assert.ok(first.length < 350_000, `${first.length} bytes`);
    assert.doesNotMatch(first, /sourceMappingURL/);
  });

  it("is one archive per process, with the file that the handler's name tells", async () => {
    const archive = await invokeFunctionCode();

    assert.equal(await invokeFunctionCode(), archive);
    assert.deepEqual(Object.keys(await archive.assets), ["index.mjs"]);
    assert.equal(functionHandler, "index.handler");
  });

  it("starts as an ES module and answers an event", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bundle-"));
    writeFileSync(join(folder, "index.mjs"), await bundle("lambda/invoke/handler.ts"));
    const script = `import { handler } from "./index.mjs";
      const answer = await handler({ health: true }, { getRemainingTimeInMillis: () => 1000 });
      process.stdout.write(answer.body);`;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
      encoding: "utf8",
      env: {
        AWS_REGION: "us-east-1",
        ENDPOINT_NAME: "e",
        MODEL_NAME: "breeds",
        CLASS_COUNT: "3",
        MAX_IMAGE_BYTES: "1000",
      },
    });

    assert.deepEqual([status, stdout], [0, '{"status":"ok","model":"breeds"}']);
  });

  it("fails with file and line when the sources do not bundle", async () => {
    await assert.rejects(bundle("lambda/invoke/absent.ts"), /absent\.ts/);
  });
});
