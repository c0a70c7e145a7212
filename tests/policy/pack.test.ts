import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Rule } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { type RunningPack, startPack } from "../support/policy-pack-process";
import { analyze, UNKNOWN_STRING } from "../support/policy-request";

const FOLDER = resolve(__dirname, "../../policy");
const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";

describe("the pack's list of rules", () => {
  it("names each rule once", () => {
    assert.deepEqual(
      [...new Set(rules.map(({ id }) => id))],
      rules.map(({ id }) => id),
    );
  });

  it("has every rule that a file of the pack makes", () => {
    const made = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
      .filter(
        (name) => /^[a-z]+\/[a-z0-9-]+\.ts$/.test(name) && !/^(?:catalog|node_modules|dist)\//.test(name),
      )
      .flatMap((name) => Object.values(require(join(FOLDER, name)) as Record<string, unknown>))
      .filter((value) => typeof value === "object" && value !== null && "reads" in value && "policy" in value)
      .map((rule) => (rule as Rule).id);

    assert.deepEqual([...new Set(made)].sort(), rules.map(({ id }) => id).sort());
  });

  for (const rule of rules) {
    it(`gives ${rule.id} a sentence, a link, a remedy, and a file of its name in the folder of its area`, () => {
      const [area = "", ...words] = rule.id.split("-");

      assert.match(rule.sentence, /^[A-Z].*\.$/);
      assert.match(rule.url, /^https:\/\//);
      assert.match(rule.remediation, /^[A-Z].*\.$/);
      assert.ok(readdirSync(join(FOLDER, area)).includes(`${words.join("-")}.ts`));
    });
  }
});

describe("the pack's folder", () => {
  it("imports nothing outside itself but the policy SDK and Node, so that it can be published alone", () => {
    const sources = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && !name.includes("node_modules"),
    );
    const outside = sources.flatMap((name) =>
      [...readFileSync(join(FOLDER, name), "utf8").matchAll(/^(?:import|export)\b[^;]*?from\s+"([^"]+)"/gms)]
        .map(([, specifier = ""]) => specifier)
        .filter((specifier) =>
          specifier.startsWith(".")
            ? !join(FOLDER, name, "..", specifier).startsWith(FOLDER)
            : specifier !== "@pulumi/policy" && !specifier.startsWith("node:"),
        )
        .map((specifier) => `${name} imports ${specifier}`),
    );

    assert.ok(sources.length > 20);
    assert.deepEqual(outside, []);
  });
});

describe("the pack under Pulumi's launcher", function () {
  this.timeout(60_000);
  let pack: RunningPack;
  before(async () => {
    pack = await startPack(FOLDER, 45_000);
  });
  after(async () => {
    await pack?.stop();
  });

  it("tells its name, version and policies", async () => {
    const { version } = JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8"));

    const info = await pack.info();

    assert.equal(info.name, "sagemaker-guard");
    assert.equal(info.version, version);
    assert.deepEqual(
      info.policiesList.map(({ name }) => name),
      rules.map(({ id }) => id),
    );
  });

  it("refuses full access, passes a narrow policy and reports an unknown one", async () => {
    const level = async (policyArn: string) =>
      (await pack.analyze({ type: ATTACHMENT, props: { policyArn } })).diagnostics
        .filter(({ policy }) => policy === "iam-no-sagemaker-full-access")
        .map((diagnostic) => diagnostic.level);

    assert.deepEqual(await level(FULL_ACCESS), ["mandatory"]);
    assert.deepEqual(await level("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), []);
    assert.deepEqual(await level(UNKNOWN_STRING), ["advisory"]);
  });

  it("answers as the same rules do in process, word for word", async () => {
    const request = { type: NOTEBOOK, props: { instanceType: "ml.p3.2xlarge" } };

    assert.deepEqual(
      await pack.analyze(request),
      await analyze(
        rules.map((rule) => rule.policy()),
        request,
      ),
    );
  });

  it("holds to the ceilings the engine configures, and keeps its own for the uses left out", async () => {
    await pack.configure("cost-instance-ceiling", { hourlyUsd: { notebook: 0.04 } });

    const ceiling = async (type: string, instanceType: string) =>
      (await pack.analyze({ type, props: { instanceType } })).diagnostics
        .filter(({ policy }) => policy === "cost-instance-ceiling")
        .map(({ message }) => message);
    const notebook = await ceiling(NOTEBOOK, "ml.t3.medium");

    assert.match(notebook[0] ?? "", /the ceiling for notebook is 0\.04: 0\.05 − 0\.04 = 0\.01 too much/);
    assert.deepEqual(await ceiling("aws:ec2/instance:Instance", "t3.micro"), []);
  });
});
