import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "mocha";
import type { EffectiveConfig } from "../../../plan/policy-config";
import { rules } from "../../../policy/rules";
import { type RunningPack, startPack } from "../../support/policy-pack-process";
import { corpusRequests, corpusStack } from "./corpus-requests";

const root = resolve(__dirname, "../../..");
const stackRules = rules.filter(({ kind }) => kind === "stack").length;

/** A pack that alters the SDK first and then is this pack. `count` notes a line whenever the SDK copies properties. */
function altered(folder: string, alteration: string): string {
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "package.json"),
    '{ "name": "altered", "version": "1.0.0", "main": "index.js" }',
  );
  writeFileSync(
    join(folder, "index.js"),
    `const sdk = require("@pulumi/policy/server");
const copying = require("@pulumi/policy/deserialize");
const { deserializeProperties } = copying;
copying.deserializeProperties = (properties, proxySecrets) => {
  require("node:fs").appendFileSync(${JSON.stringify(join(folder, "copies"))}, "x");
  return deserializeProperties(properties, proxySecrets);
};
${alteration}
require(${JSON.stringify(join(root, "policy/main.cjs"))});
`,
  );
  writeFileSync(join(folder, "copies"), "");
  return folder;
}

describe("the pack under Pulumi's launcher, beside itself under an SDK of another make", function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-requests-"));
  const copies = (name: string) => readFileSync(join(folder, name, "copies"), "utf8").length;
  let fast: RunningPack;
  let slow: RunningPack;
  before(async () => {
    const started = [
      startPack(altered(join(folder, "fast"), ""), 60_000),
      startPack(altered(join(folder, "slow"), "delete sdk.makeAnalyzeRpcFun;"), 60_000),
    ] as const;
    [fast, slow] = await Promise.all(started);
  });
  after(async () => {
    await fast?.stop();
    await slow?.stop();
    rmSync(folder, { recursive: true });
  });

  it("says the same of every resource and stack of the corpus, also of several at once", async () => {
    const answers = async (pack: RunningPack) => ({
      resources: await Promise.all(corpusRequests.map((request) => pack.analyze(request))),
      stack: await pack.analyzeStack(corpusStack),
    });

    const [actual, expected] = await Promise.all([answers(fast), answers(slow)]);

    assert.deepEqual(actual, expected);
    assert.ok(expected.stack.length > 20);
  });

  it("copies nothing of a stack but what stands for it, once per rule, where the other copies every resource", async () => {
    const before = { fast: copies("fast"), slow: copies("slow") };

    await Promise.all([fast.analyzeStack(corpusStack), slow.analyzeStack(corpusStack)]);

    assert.equal(copies("fast") - before.fast, stackRules);
    assert.equal(copies("slow") - before.slow, corpusStack.length);
  });

  it("copies nothing of a resource that no rule looks at, from the second one on", async () => {
    const request = { type: "aws:sns/topic:Topic", props: { name: "a" } };
    await fast.analyze(request);
    const before = copies("fast");

    assert.deepEqual(await fast.analyze(request), await slow.analyze(request));
    assert.equal(copies("fast"), before);
  });

  it("turns rules off and on and gives them levels as the engine says, at once", async () => {
    const [notebook] = corpusRequests.filter(({ type }) => type.includes("NotebookInstance"));
    assert.ok(notebook !== undefined);
    const configured = (level: EffectiveConfig["level"]): ReadonlyMap<string, EffectiveConfig> =>
      new Map(
        rules.map(({ id }, index) => [id, { level: index % 2 === 0 ? level : "advisory", properties: {} }]),
      );

    const answers = async (pack: RunningPack, config: ReadonlyMap<string, EffectiveConfig>) => {
      await pack.configureAll(config);
      return { resource: await pack.analyze(notebook), stack: await pack.analyzeStack(corpusStack) };
    };

    const elsewhere: number[] = [];
    for (const level of ["mandatory", "disabled", "remediate", "advisory"] as const) {
      const actual = await answers(fast, configured(level));
      assert.deepEqual(actual, await answers(slow, configured(level)), level);
      elsewhere.push(actual.resource.notApplicable.length);
    }
    const [mandatory = 0, disabled = 0, remediate, advisory] = elsewhere;
    assert.deepEqual([remediate, advisory], [mandatory, mandatory]);
    assert.ok(disabled < mandatory);
  });
});

describe("starting the pack", () => {
  it("leaves the SDK and its gRPC as they were, for whatever else runs in the process", () => {
    const server = require("@pulumi/policy/server") as { serve: unknown };
    const { Server } = require("@grpc/grpc-js") as { Server: { prototype: { addService: unknown } } };
    const { serveFast } =
      require("../../../policy/requests/serve") as typeof import("../../../policy/requests/serve");
    const own = { serve: server.serve, addService: Server.prototype.addService };
    const during: boolean[] = [];

    assert.throws(
      () =>
        serveFast(rules, () => {
          during.push(server.serve === own.serve);
          throw new Error("not started");
        }),
      /not started/,
    );

    assert.deepEqual(during, [false]);
    assert.deepEqual({ serve: server.serve, addService: Server.prototype.addService }, own);
  });
});
