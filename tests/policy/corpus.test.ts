import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, describe, it } from "mocha";
import { rules } from "../../policy/rules";
import { type RunningPack, startPack } from "../support/policy-pack-process";
import { corpusFile, fires, isViolated, readCorpus } from "../support/rule-corpus";

const folder = resolve(__dirname, "../../policy");

if (process.env.UPDATE_CORPUS !== undefined) {
  const script = resolve(__dirname, "../support/record-corpus.ts");
  writeFileSync(
    corpusFile,
    execFileSync(process.execPath, ["--require", "tsx/cjs", script], { maxBuffer: 2 ** 26 }),
  );
}

describe("the corpus of violating requests", function () {
  this.timeout(60_000);
  const corpus = readCorpus();
  let pack: RunningPack;
  before(async () => {
    pack = await startPack(folder, 45_000);
  });
  after(async () => {
    await pack?.stop();
  });

  it("has one request for each rule (UPDATE_CORPUS=1 records them anew)", () => {
    assert.deepEqual(Object.keys(corpus).sort(), rules.map(({ id }) => id).sort());
  });

  for (const rule of rules) {
    it(`violates ${rule.id}, in process and under Pulumi's launcher`, async () => {
      const entry = corpus[rule.id];
      assert.ok(entry !== undefined, "no request is recorded");

      assert.ok(await fires(rule, entry), "nothing is refused in process");

      await pack.configure(rule.id, { ...entry.settings });
      const answer =
        "resources" in entry
          ? await pack.analyzeStack(entry.resources)
          : (await pack.analyze(entry)).diagnostics;
      const own = answer.filter(({ policy }) => policy === rule.id);
      assert.ok(isViolated(own), `over gRPC: ${JSON.stringify(own)}`);
      assert.ok(
        own.some(({ level }) => level === "mandatory"),
        "the configured level is not kept",
      );
    });
  }
});
