import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CommandError } from "../../cli/core/exit-status";
import { checkPolicyConfig } from "../../cli/core/policy/check-config";
import { levelsUnder } from "../../cli/core/policy/levels";
import { packFromSources, productionProfile } from "../../cli/core/policy/pack-policies";
import { blocks, describeUndecided } from "../../cli/core/policy/report-undecided";
import { stackPolicyConfig } from "../../cli/core/policy/stack-config";
import { undecidedIn } from "../../cli/core/policy/undecided";
import { projectRoot } from "../../cli/core/project-root";
import { ConfigError, parseStackConfig } from "../../infra/config/parse";
import type { JsonObject, JsonValue } from "../../plan/json-value";
import { checkedKeywords } from "../../plan/policy-schema";
import { rules } from "../../policy/rules";
import { rawStack } from "../support/raw-config";
import { runCli } from "../support/run-cli";

const today = "2026-06-15";
const log = readFileSync(join(projectRoot, "tests/fixtures/policy/preview-events.jsonl"), "utf8");

describe("checkPolicyConfig", () => {
  const check = (config: JsonValue) => checkPolicyConfig(config, today);

  it("finds nothing in an empty configuration, in levels, and in the profile for production", () => {
    for (const config of [{}, { all: "mandatory" }, { all: "disabled", environments: ["team/policies"] }]) {
      assert.deepEqual(check(config), { errors: [], ended: [], warnings: [] });
    }
    assert.deepEqual(check({ ...productionProfile(rules) }), { errors: [], ended: [], warnings: [] });
  });

  it("tells every problem at once", () => {
    const { errors } = check({
      "storage-versionned": "mandatory",
      "cost-instance-ceiling": {
        enforcementLevel: "obligatory",
        hourlyUsd: { hosting: -1, hostng: 2 },
        unprized: "deny",
        exempt: [
          { resource: "a", reason: "short", until: "2026-12-31" },
          { resource: "a", reason: "long enough", until: "2026-02-31" },
          { resource: "a", until: "soon" },
        ],
      },
      "storage-kms": 5,
      all: { enforcementLevel: "mandatory", hourlyUsd: 1 },
      environments: "one",
    });

    assert.deepEqual(errors, [
      "storage-versionned: the pack has no such policy; did you mean storage-versioned?",
      'cost-instance-ceiling: "obligatory" is no enforcement level; use one of advisory, mandatory, remediate, disabled',
      "storage-kms: 5 is neither a level nor an object of settings",
      'cost-instance-ceiling: "hourlyUsd.hosting" must be at least 0, got -1',
      'cost-instance-ceiling: "hourlyUsd.hostng" is not known; did you mean hosting?',
      'cost-instance-ceiling: "unprized" is not a setting of this policy; it has unpriced, region, hourlyUsd, exempt',
      'cost-instance-ceiling: "exempt[0].reason" must have at least 10 characters, got "short"',
      'cost-instance-ceiling: "exempt[2].reason" is required',
      'cost-instance-ceiling: "exempt[2].until" must match ^\\d{4}-\\d{2}-\\d{2}$, got "soon"',
      'all: "hourlyUsd" has no effect here; only a level applies to all policies',
      'environments: must be a list of names of ESC environments, such as ["team/policies"]',
      'cost-instance-ceiling: "exempt[1].until" must be a day that the calendar has, got "2026-02-31"',
    ]);
  });

  it("takes names of an object's own machinery for names", () => {
    const config = JSON.parse(
      '{"__proto__": {"a": 1}, "constructor": "mandatory", "toString": {}}',
    ) as JsonValue;

    assert.equal(check(config).errors.length, 3);
  });

  it("refuses what is no object", () => {
    for (const config of [null, [], "mandatory", 1]) assert.equal(check(config).errors.length, 1);
  });

  it("tells an exemption that has ended from one that ends soon, and one that covers everything", () => {
    const exempt = (resource: string, until: string) => ({ resource, until, reason: "Only a test reads it" });
    const { ended, warnings } = check({
      "storage-kms": {
        enforcementLevel: "advisory",
        exempt: [
          exempt("a", "2026-06-14"),
          exempt("b", today),
          exempt("c", "2026-06-29"),
          exempt("d", "2026-06-30"),
        ],
      },
      "storage-logged": { enforcementLevel: "advisory", exempt: [exempt("*", "2027-01-01")] },
    });

    assert.deepEqual(ended, [
      "storage-kms: the exemption of a ended on 2026-06-14; mend the resource, or renew it with a reason",
    ]);
    assert.deepEqual(warnings, [
      "storage-kms: the exemption of b ends on 2026-06-15",
      "storage-kms: the exemption of c ends on 2026-06-29",
      "storage-logged: an exemption of * covers every resource",
    ]);
  });

  it("warns of settings for a rule that blocks nothing, and of a level that has no meaning here", () => {
    assert.deepEqual(
      check({ "endpoint-instance-minimum": { instances: 3 }, "cost-stack-ceiling": { monthlyUsd: 5 } })
        .warnings,
      [
        "endpoint-instance-minimum: has settings and no enforcementLevel, so it stays advisory and blocks nothing; write one of advisory, mandatory, disabled",
      ],
    );
    assert.deepEqual(check({ "storage-kms": "remediate" }).warnings, [
      "storage-kms: it changes no resource, so remediate acts as mandatory",
    ]);
  });

  it("checks every keyword that the rules' settings use", () => {
    const used = new Set<string>();
    const walk = (schema: unknown): void => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [keyword, value] of Object.entries(schema)) {
        used.add(keyword);
        if (keyword === "properties") for (const property of Object.values(value as object)) walk(property);
        if (keyword === "items") walk(value);
      }
    };
    for (const { schema } of packFromSources().policies)
      for (const own of Object.values(schema?.properties ?? {})) walk(own);

    assert.deepEqual(
      [...used].filter((keyword) => ![...checkedKeywords, "description"].includes(keyword)),
      [],
    );
  });
});

describe("the pack's configuration of a stack", () => {
  const of = (stack: "dev" | "prod", policies: unknown) =>
    stackPolicyConfig(parseStackConfig({ ...rawStack(stack), policies }), today);
  const problems = (stack: "dev" | "prod", policies: unknown): readonly string[] => {
    try {
      of(stack, policies);
    } catch (error) {
      if (error instanceof ConfigError)
        return error.problems.map(({ path, message }) => `${path} ${message}`);
      throw error;
    }
    return [];
  };

  it("has the levels of the profile for production in production only", () => {
    const production = Object.keys(productionProfile(rules));
    const levels = (config: JsonObject) =>
      production.map((id) => ((config[id] ?? {}) as JsonObject).enforcementLevel);

    assert.ok(production.length > 20);
    assert.deepEqual(new Set(levels(of("prod", {}) as JsonObject)), new Set(["mandatory"]));
    assert.deepEqual(
      levels(of("dev", {}) as JsonObject).filter((level) => level === "mandatory"),
      [],
    );
  });

  it("puts the stack's own section over everything, one setting at a time", () => {
    const derived = of("prod", {})["cost-instance-ceiling"] as JsonObject;
    const exempt = [{ resource: "*-test", reason: "Only a test reads this", until: "2026-12-31" }];

    const config = of("prod", {
      "cost-instance-ceiling": { settings: { unpriced: "estimate" }, exempt },
      "storage-kms": { enforcementLevel: "advisory", reason: "Only a test reads this" },
      "endpoint-instance-minimum": { settings: { instances: 3 } },
    });

    assert.deepEqual(config["cost-instance-ceiling"], { ...derived, unpriced: "estimate", exempt });
    assert.deepEqual(config["storage-kms"], { enforcementLevel: "advisory" });
    assert.deepEqual(config["endpoint-instance-minimum"], { enforcementLevel: "mandatory", instances: 3 });
  });

  it("asks for a reason where a rule that blocks shall not, and nowhere else", () => {
    const advisory = { enforcementLevel: "advisory" };

    assert.deepEqual(
      problems("prod", { "iam-no-sagemaker-full-access": advisory, "storage-kms": advisory }),
      [
        "policies.iam-no-sagemaker-full-access.reason is missing: the rule is mandatory here, and nobody is told why it shall not be",
        "policies.storage-kms.reason is missing: the rule is mandatory here, and nobody is told why it shall not be",
      ],
    );
    assert.deepEqual(problems("dev", { "storage-kms": advisory }), []);
    assert.match(
      problems("dev", { "storage-kms": { enforcementLevel: "disabled" } }).join(),
      /^policies\.storage-kms\.reason is missing: a rule is off/,
    );
  });

  it("refuses rules that do not exist and settings that do not fit, all at once", () => {
    assert.deepEqual(
      problems("dev", {
        "storage-kmss": {},
        "cost-instance-ceiling": { settings: { unpriced: "maybe", colour: "red" } },
      }),
      [
        "policies.storage-kmss is not a rule of the policy pack",
        'policies.cost-instance-ceiling "unpriced" must be one of "deny", "estimate", "allow", got "maybe"',
        'policies.cost-instance-ceiling "colour" is not a setting of this policy; it has unpriced, region, hourlyUsd, exempt',
      ],
    );
  });

  it("leaves an exemption that has ended to the pack, which reports what it covered", () => {
    const exempt = [{ resource: "a", reason: "Only a test reads this", until: "2020-12-31" }];

    assert.deepEqual(problems("dev", { "storage-kms": { exempt } }), []);
  });

  it("takes a day as the file has it and as the engine hands it over", () => {
    for (const until of ["2026-12-31", "2026-12-31 00:00:00 +0000 UTC"]) {
      const exempt = [{ resource: "a", reason: "Only a test reads this", until }];
      assert.doesNotThrow(() =>
        parseStackConfig({ ...rawStack("dev"), policies: { "storage-kms": { exempt } } }),
      );
    }
  });
});

/** The log is of Pulumi 3.259, shortened. Does not prove what another version writes. */
describe("what a preview left undecided", () => {
  const none = new Set<string>();
  const read = (text: string) => undecidedIn(text, levelsUnder({}));

  it("is found in the engine's events, with the level at which the rule would have counted", () => {
    assert.deepEqual(read(log), {
      stackAnalyzed: true,
      undecided: [
        {
          policy: "iam-no-sagemaker-full-access",
          level: "mandatory",
          urn: "urn:pulumi:dev::unk::aws:iam/rolePolicyAttachment:RolePolicyAttachment::att",
          message:
            "Not decided: policyArn is unknown until deployment; it is checked again during the update, before the resource is created.",
        },
      ],
    });
    assert.equal(blocks(read(log), none), true);
  });

  it("is found in a plan, and fails nothing where the rule would only tell, or may be undecided", () => {
    const plan = JSON.stringify({
      policies: [{ policy: "storage-kms", urn: "urn:x::y::type::data", message: "Not decided: a key." }],
    });

    assert.equal(blocks(read(plan), none), false);
    assert.match(
      describeUndecided(read(plan), none),
      /^for your information: storage-kms \(advisory\) on type data\n/,
    );
    const underProduction = undecidedIn(plan, levelsUnder({ ...productionProfile(rules) }));
    assert.equal(blocks(underProduction, none), true);
    assert.equal(blocks(underProduction, new Set(["storage-kms"])), false);
  });

  it("includes policies that could not run, of this pack and of others, whose levels nobody knows", () => {
    const message =
      "can't run policy 'tagged' from policy pack 'other@v1.0.0' during preview: string value at .a";
    const events = `${log}{"policyEvent":{"policyName":"tagged","policyPackName":"other","resourceUrn":"","message":${JSON.stringify(message)}}}\n`;

    const { undecided } = read(events);

    assert.deepEqual(undecided.at(-1), { policy: "tagged", level: "unknown", urn: "", message });
    assert.equal(blocks({ undecided: undecided.slice(-1), stackAnalyzed: true }, none), true);
  });

  it("includes the rules over the whole stack, where a step before them failed", () => {
    const events = log
      .split("\n")
      .filter((line) => !/policyAnalyzeStackSummaryEvent|policyEvent/.test(line))
      .join("\n");

    assert.deepEqual(read(events), { stackAnalyzed: false, undecided: [] });
    assert.equal(blocks(read(events), none), true);
    assert.match(describeUndecided(read(events), none), /rules over the whole stack did not run/);
  });

  it("is no answer for a preview without the pack, without verdicts, or for any other text", () => {
    const withoutPack = log.replaceAll("sagemaker-guard", "other-pack");
    const cases: readonly [string, RegExp][] = [
      [withoutPack, /no resource that sagemaker-guard looked at/],
      ['{"steps": [], "diagnostics": []}', /PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true/],
      ["Previewing update (dev):", /neither an event log/],
      ["", /neither an event log/],
      ["[]", /neither an event log/],
    ];
    for (const [text, says] of cases) {
      assert.throws(
        () => read(text),
        (error) => error instanceof CommandError && error.status === 2 && says.test(error.message),
      );
    }
  });
});

describe("sagemaker-ops policy", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-policy-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  it("check-config ends with 0, 1 or 2, and prints one JSON object on request", async () => {
    const wrong = file("wrong.json", { "storage-kmss": "mandatory" });

    const sound = await runCli(["policy", "check-config", file("sound.json", { all: "mandatory" })]);
    assert.deepEqual([sound.status, sound.stdout], [0, `${join(folder, "sound.json")} is sound.\n`]);

    const { status, stdout } = await runCli(["policy", "check-config", wrong, "--json"]);
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout), {
      file: wrong,
      errors: ["storage-kmss: the pack has no such policy; did you mean storage-kms?"],
      endedExemptions: [],
      warnings: [],
    });

    const missing = await runCli(["policy", "check-config", join(folder, "missing.json")]);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /missing\.json cannot be read \(ENOENT\)/);
  });

  it("is what plan holds a --policy-pack-config file against", async () => {
    const wrong = file("wrong.json", { "storage-kmss": "mandatory", "storage-kms": { exempt: [{}] } });

    const { status, stderr } = await runCli(["plan", "--stack", "dev", "--policy-pack-config", wrong]);

    assert.equal(status, 2);
    assert.match(stderr, /did you mean storage-kms\?\n.*"exempt\[0\]\.resource" is required/s);
  });

  it("undecided reads a file or standard input, and ends with 0, 1 or 2", async () => {
    const events = file("events.json", log);

    assert.equal((await runCli(["policy", "undecided", events])).status, 1);
    const allowed = await runCli(["policy", "undecided", events, "--allow", "iam-no-sagemaker-full-access"]);
    assert.equal(allowed.status, 0);
    assert.match(allowed.stdout, /Every mandatory rule has decided\.\n$/);
    assert.equal((await runCli(["policy", "undecided", events, "--allow", "iam-nothing"])).status, 2);
    assert.equal((await runCli(["policy", "undecided", file("empty.json", "")])).status, 2);
  });

  it("preview --fail-undecided reads the engine's own log, and fails where Pulumi does not", async () => {
    writeFileSync(
      join(folder, "pulumi"),
      `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const at = process.argv.indexOf("--event-log");
if (at > 0 && process.env.PULUMI_DEBUG_COMMANDS === "true") writeFileSync(process.argv[at + 1], readFileSync(process.env.STUB_LOG));
`,
    );
    chmodSync(join(folder, "pulumi"), 0o755);
    const preview = (events: string, ...options: string[]) =>
      runCli(["preview", "--stack", "dev", ...options], {
        PATH: [folder, dirname(process.execPath)].join(delimiter),
        STUB_LOG: file("events.json", events),
      });

    const undecided = await preview(log, "--fail-undecided");
    assert.equal(undecided.status, 1, undecided.stderr);
    assert.match(undecided.stdout, /^must be decided: iam-no-sagemaker-full-access/);
    const decided = await preview(log.replaceAll("Not decided:", "Decided:"), "--fail-undecided");
    assert.deepEqual([decided.status, decided.stdout], [0, "Every mandatory rule has decided.\n"]);
    assert.equal((await preview(log)).status, 0);
  });
}).timeout(120_000);

describe("the levels of the rules", () => {
  it("are those that the pack tells the engine", () => {
    const levelOf = levelsUnder({});

    for (const { id, level } of rules) {
      assert.equal(levelOf(id), level === "mandatory" ? "mandatory" : "advisory");
    }
    assert.equal(levelOf("no-such-rule"), undefined);
  });
});
