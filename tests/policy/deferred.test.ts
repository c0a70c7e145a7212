import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";

const root = resolve(__dirname, "../..");

/** In a process of its own: here the SDK is loaded already. */
function printed(body: string): string {
  const script = `
    const { withDeferred } = require("./policy/deferred.cjs");
    const isLoaded = () => Object.keys(require.cache).some((file) => /@npmcli.arborist.lib.index\\.js$/.test(file));
    ${body}`;
  return execFileSync(process.execPath, ["--eval", script], { cwd: root, encoding: "utf8" });
}

describe("the start of the pack", () => {
  it("loads Pulumi's SDK without npm's tree builder", () => {
    assert.equal(
      printed(`withDeferred(() => require("@pulumi/policy")); console.log(isLoaded());`),
      "false\n",
    );
    assert.equal(printed(`require("@pulumi/policy"); console.log(isLoaded());`), "true\n");
  });

  it("leaves it to those who use it, also later", () => {
    const folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-deferred-"));
    writeFileSync(join(folder, "package.json"), "{}");
    const body = `
      const { runtime } = withDeferred(() => require("@pulumi/pulumi"));
      process.chdir(${JSON.stringify(folder)});
      runtime.computeCodePaths().then((paths) => console.log(paths.size, isLoaded()));`;

    assert.equal(printed(body), "0 true\n");
    rmSync(folder, { recursive: true });
  });

  it("gives back what its body gives, and loads as before after one that fails", () => {
    const body = `
      const before = require("node:module")._load;
      const given = withDeferred(() => 42);
      try { withDeferred(() => { throw new Error("no"); }); } catch ({ message }) {
        console.log(given, message, require("node:module")._load === before);
      }`;

    assert.equal(printed(body), "42 no true\n");
  });
});
