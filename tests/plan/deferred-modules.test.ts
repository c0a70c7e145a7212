import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";

/** In a process of its own: here the SDK may be loaded already. */
function evaluate(body: string): string {
  const script = `
    require("./cli/loader.cjs");
    const { withDeferredModules } = require("./plan/deferred-modules");
    const loaded = () => Object.keys(require.cache).filter((file) => /[\\\\/](typescript|arborist)[\\\\/]lib[\\\\/](typescript|index)\\.js$/.test(file)).length;
    withDeferredModules(async () => { ${body} });`;
  return execFileSync(process.execPath, ["--eval", script], { cwd: projectRoot, encoding: "utf8" });
}

describe("plan/deferred-modules", () => {
  it("loads the SDK without TypeScript's compiler and npm's tree builder", () => {
    assert.equal(evaluate(`require("@pulumi/pulumi"); console.log(loaded());`), "0\n");
  }).timeout(30_000);

  it("loads them for a program that serialises a closure", () => {
    const body = `
      const pulumi = require("@pulumi/pulumi");
      const text = await pulumi.runtime.serializeFunction(() => 6 * 7);
      console.log(loaded() > 0, /6 \\* 7/.test(text.text));`;

    assert.equal(evaluate(body), "true true\n");
  }).timeout(30_000);

  it("leaves the loading of everything else as it is", () => {
    const manifest = join(projectRoot, "package.json");

    assert.equal(evaluate(`console.log(require(${JSON.stringify(manifest)}).name);`), "sagemaker-ops\n");
  }).timeout(30_000);
});
