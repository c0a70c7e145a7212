import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { projectRoot } from "../../cli/core/project-root";
import { runCli } from "../support/run-cli";

/** What is wrong, how `dev` is spoilt, and what the message has to say. */
const spoilt: readonly (readonly [string, (config: Document) => void, readonly RegExp[]])[] = [
  [
    "a wrong type",
    set(["storage", "noncurrentVersionDays"], "thirty"),
    [/storage\.noncurrentVersionDays/, /"thirty"/],
  ],
  [
    "a number out of range",
    set(["notebook", "idleStopMinutes"], 5),
    [/notebook\.idleStopMinutes/, /15/, /1440/],
  ],
  ["a misspelt key", set(["notebook", "instanceTyp"], "ml.t3.medium"), [/instanceTyp/, /instanceType/]],
  [
    "an instance type that is unknown for its use",
    set(["endpoints", "single", "serving", "instanceType"], "ml.t3.medium"),
    [/endpoints\.single\.serving\.instanceType/, /ml\.t3\.medium/, /notebook/],
  ],
  [
    "a burstable type with autoscaling",
    set(["endpoints", "single", "serving", "instanceType"], "ml.t2.medium"),
    [/endpoints\.single\.serving\.instanceType/, /burstable/],
  ],
  [
    "a canary on one instance",
    set(["endpoints", "single", "serving", "rollout"], { kind: "canary", percent: 50 }),
    [/endpoints\.single\.serving\.rollout/, /single instance/],
  ],
  [
    "provisioned above reserved concurrency",
    set(["endpoints", "single", "function", "provisionedConcurrency", "count"], 6),
    [/endpoints\.single\.function\.provisionedConcurrency/, /reservedConcurrency 5/],
  ],
  [
    "SSH open to the world",
    set(["trainingBox", "access"], { kind: "ssh", cidrBlocks: ["0.0.0.0/0"], keyName: "mine" }),
    [/trainingBox\.access\.cidrBlocks/, /0\.0\.0\.0\/0/],
  ],
  [
    "a KMS volume key on a type with local NVMe",
    set(["jobs", "multi", "volumeEncryption"], "kms"),
    [/jobs\.multi\.volumeEncryption/, /NVMe/],
  ],
  [
    "a job without a runtime limit",
    remove(["jobs", "single", "maxRuntimeMinutes"]),
    [/jobs\.single\.maxRuntimeMinutes/],
  ],
  [
    "a name that is used twice",
    set(["tuning", "single"], { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, maxJobs: 2 }),
    [/tuning\.single/, /already/],
  ],
];

describe("bad input to `sagemaker-ops plan`", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-bad-input-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [what, spoil, expected] of spoilt) {
    it(`is refused: ${what}`, async () => {
      const document = parseDocument(readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8"));
      spoil(document);
      const file = join(folder, "Pulumi.spoilt.yaml");
      writeFileSync(file, String(document));

      await refuses(["plan", "--stack", "dev", "--config-file", file], expected);
    });
  }

  it("is refused: malformed YAML, with file and line", async () => {
    const file = join(folder, "Pulumi.malformed.yaml");
    writeFileSync(file, "config:\n  sagemaker-ops:owner: [ml\n");

    await refuses(["plan", "--config-file", file], [/Pulumi\.malformed\.yaml:\d+:\d+/]);
  });

  it("is refused: the same key twice", async () => {
    const file = join(folder, "Pulumi.twice.yaml");
    writeFileSync(file, "config:\n  sagemaker-ops:owner: a\n  sagemaker-ops:owner: b\n");

    await refuses(["plan", "--config-file", file], [/Pulumi\.twice\.yaml:3:\d+/, /unique/i]);
  });

  it("is refused: a stack that does not exist, naming those that do", async () => {
    await refuses(["plan", "--stack", "production"], [/production/, /dev, prod, staging/]);
  });

  it("is refused: files and folders that do not exist", async () => {
    const missing = join(folder, "missing");

    await refuses(["plan", "--config-file", missing], [/missing/]);
    await refuses(["plan", "--program", missing], [/missing/]);
    await refuses(["plan", "--policy-pack", missing], [/missing/]);
    await refuses(["plan", "--fixtures", missing], [/--fixtures/, /missing/]);
    await refuses(["plan", "--policy-pack-config", missing], [/--policy-pack-config/, /missing/]);
  });

  it("is refused: a fixture file that is no JSON object", async () => {
    const file = join(folder, "fixtures.json");
    writeFileSync(file, "[1]");

    await refuses(["plan", "--fixtures", file], [/--fixtures/, /JSON object/]);
  });

  it("is refused: unknown commands, options and surplus arguments", async () => {
    await refuses(["plam"], [/plam/, /plan/]);
    await refuses(["plan", "--stak", "dev"], [/--stak/, /--stack/]);
    await refuses(["plan", "dev"], [/too many arguments/i]);
    await refuses(["up"], [/--stack/]);
  });

  it("tells several mistakes at once", async () => {
    const document = parseDocument(readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8"));
    for (const [, spoil] of spoilt.slice(0, 3)) spoil(document);
    const file = join(folder, "Pulumi.several.yaml");
    writeFileSync(file, String(document));

    await refuses(
      ["plan", "--config-file", file],
      [/3 problems/, /noncurrentVersionDays/, /idleStopMinutes/, /instanceTyp\b/],
    );
  });
});

async function refuses(args: readonly string[], expected: readonly RegExp[]): Promise<void> {
  const before = readdirSync(projectRoot);

  const { status, stdout, stderr } = await runCli(args);

  assert.equal(status, 2, stderr);
  assert.equal(stdout, "");
  for (const pattern of expected) assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /\n\s+at .*:\d+/, "no stack trace");
  assert.deepEqual(readdirSync(projectRoot), before, "nothing is written");
}

function set([section, ...path]: readonly string[], value: unknown) {
  return (document: Document) =>
    document.setIn(["config", `sagemaker-ops:${section}`, ...path], document.createNode(value));
}

function remove([section, ...path]: readonly string[]) {
  return (document: Document) => document.deleteIn(["config", `sagemaker-ops:${section}`, ...path]);
}
