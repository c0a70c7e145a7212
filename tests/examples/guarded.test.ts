import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPolicyConfig } from "../../cli/core/policy/check-config";
import { packFromSources } from "../../cli/core/policy/pack-policies";
import { projectRoot } from "../../cli/core/project-root";
import type { JsonObject } from "../../plan/json-value";
import { effectiveConfig, type PolicyPackConfig } from "../../plan/policy-config";
import { startPack } from "../support/policy-pack-process";
import { type CliResult, runCli } from "../support/run-cli";

const folder = join(projectRoot, "examples/guarded");
const readme = readFileSync(join(folder, "README.md"), "utf8");
const committed = JSON.parse(readFileSync(join(folder, "policy-config.json"), "utf8")) as PolicyPackConfig;

interface Verdict {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

interface Planned {
  readonly policies: readonly Verdict[];
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
  }[];
}

/** The team's configuration with another last day, so that this test does not end on the real one. */
function configUntil(until: string): PolicyPackConfig {
  return JSON.parse(JSON.stringify(committed).replace(/\d{4}-\d{2}-\d{2}/, until)) as PolicyPackConfig;
}

const held = configUntil("2999-12-31");
const ended = configUntil("2020-12-31");

function mandatory(verdicts: readonly { readonly policy: string; readonly level: string }[]): string[] {
  return [
    ...new Set(verdicts.filter(({ level }) => level === "mandatory").map(({ policy }) => policy)),
  ].sort();
}

/** Plans offline; does not prove that AWS accepts the model's image or artifact. */
describe("the example of the pack on another program", () => {
  let work: string;
  before(() => {
    work = mkdtempSync(join(tmpdir(), "guarded-"));
  });
  after(() => rmSync(work, { recursive: true }));

  function planned(stack: string, config: PolicyPackConfig, ...options: string[]): Promise<CliResult> {
    const file = join(work, "policy-config.json");
    writeFileSync(file, JSON.stringify(config));
    const own = ["--program", folder, "--stack", stack, "--policy-pack-config", file];
    return runCli(["plan", ...own, ...options], { COLUMNS: "100" });
  }

  it("has a configuration that is sound as it is committed", () => {
    const { errors, warnings } = checkPolicyConfig(committed as JsonObject, "2026-11-01");

    assert.deepEqual([errors, warnings], [[], []]);
  });

  it("passes with status 0 where it keeps to the pack, and tells what is exempt", async () => {
    const { status, stdout } = await planned("good", held, "--json");

    const { policies } = JSON.parse(stdout) as Planned;
    const exempted = policies.filter(({ policy }) => policy === "endpoint-model-in-vpc");
    assert.equal(status, 0);
    assert.deepEqual(mandatory(policies), []);
    assert.ok(exempted.length > 0);
    for (const { level, message } of exempted) {
      assert.equal(level, "advisory");
      assert.match(
        message,
        /^Exempt until 2999-12-31: It reads public reviews only; .* network\. Otherwise:/,
      );
    }
  });

  it("fails the day after its exemption has ended, and says so", async () => {
    const { status, stdout } = await planned("good", ended, "--json");

    const { policies } = JSON.parse(stdout) as Planned;
    assert.equal(status, 1);
    assert.deepEqual(mandatory(policies), ["endpoint-model-in-vpc"]);
    assert.match(
      policies.find(({ level }) => level === "mandatory")?.message ?? "",
      /Its exemption ended on 2020-12-31: mend it, or renew the exemption with a reason\.$/,
    );
  });

  it("fails with status 1 and tells the violations with resource, price and the team's ceiling", async () => {
    const { status, stdout } = await planned("bad", held, "--json");

    const { policies } = JSON.parse(stdout) as Planned;
    const message = (policy: string) => policies.find((verdict) => verdict.policy === policy)?.message ?? "";
    assert.equal(status, 1);
    assert.deepEqual(mandatory(policies), [
      "cost-endpoint-ceiling",
      "cost-endpoint-max-ceiling",
      "cost-instance-ceiling",
      "cost-stack-ceiling",
      "iam-no-sagemaker-full-access",
    ]);
    assert.match(message("cost-instance-ceiling"), /costs 7\.09 USD .* the ceiling for hosting is 0\.25:/);
    assert.match(message("cost-stack-ceiling"), /in its worst month; the ceiling is 150:/);
    assert.match(
      message("iam-no-sagemaker-full-access"),
      /attaches arn:aws:iam::aws:policy\/AmazonSageMakerFullAccess\./,
    );
  });

  it("gets the same verdicts from Pulumi's launcher, resource by resource", async () => {
    const runs: readonly [string, PolicyPackConfig][] = [
      ["good", held],
      ["good", ended],
      ["bad", held],
    ];
    const pack = await startPack(join(projectRoot, "policy"), 60_000);
    try {
      for (const [stack, config] of runs) {
        const plan = JSON.parse((await planned(stack, config, "--json")).stdout) as Planned;
        await pack.configureAll(effectiveConfig(packFromSources().policies, {}, config).config);

        const found = await Promise.all(
          plan.resources
            .filter(({ type }) => type.startsWith("aws:"))
            .map(({ type, name, inputs }) => pack.analyze({ type, name, props: inputs })),
        );
        // The rules over the whole stack see outputs, which a plan does not print.
        const perStack = new Set(["cost-endpoint-max-ceiling", "cost-stack-ceiling"]);
        assert.deepEqual(
          mandatory(found.flatMap(({ diagnostics }) => diagnostics)),
          mandatory(plan.policies.filter(({ policy }) => !perStack.has(policy))),
          stack,
        );
      }
    } finally {
      await pack.stop();
    }
  });

  it("says what its README shows", async () => {
    const shown = [
      ...readme.matchAll(/what is exempt:\n\n```\n(.*?)\n```|among the rest:\n\n```\n(.*?)\n```/gs),
    ];
    const lines = shown.map((match) => (match[1] ?? match[2] ?? "").split("\n"));
    const outputs = [await planned("good", committed), await planned("bad", committed)];

    assert.deepEqual(
      lines.map(({ length }) => length),
      [2, 4],
    );
    lines.forEach((own, index) => {
      const stdout = outputs[index]?.stdout.split("\n") ?? [];
      // Its first words change once the committed exemption has ended.
      for (const line of own.filter((text) => !text.includes("Exempt until"))) {
        assert.ok(
          stdout.includes(line) || line.includes("endpoint-model-in-vpc"),
          `${line}\n${stdout.join("\n")}`,
        );
      }
    });
  });
}).timeout(120_000);
