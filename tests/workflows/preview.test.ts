import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Answer, commitEach, FakeTools } from "./fake-tools";
import { hostileText, smallPlan, violatingPlan } from "./small-plans";

const plan = (document: object, status = 0): Answer => ({
  tool: "npx",
  words: ["plan", "--stack", "dev", "--json"],
  stdout: JSON.stringify(document),
  status,
});
const preview = (stdout: string, status = 0): Answer => ({
  tool: "npx",
  words: ["preview", "--stack", "dev"],
  stdout,
  status,
  writes: { after: "--event-log", content: "events\n" },
});
const undecided = (stdout: string, status = 0): Answer => ({
  tool: "npx",
  words: ["policy", "undecided"],
  stdout,
  status,
});

const planCall = "plan --stack dev --json";
const previewCall =
  "preview --stack dev -- --diff --non-interactive --color never --event-log <folder>/results/events.json";
const undecidedCall = "policy undecided <folder>/results/events.json --stack dev";

describe("the preview of a stack", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools();
  });
  afterEach(() => tools.remove());

  const run = (env: Readonly<Record<string, string>> = {}) =>
    tools.run("preview.sh", ["dev", tools.results], env);
  const report = () => {
    const { status, stdout, stderr } = tools.run("report.mjs", ["dev", tools.results]);
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  };

  it("is made with the pack, and every mandatory policy has to decide", () => {
    tools.answer(plan(smallPlan), preview("+ create\n"), undecided("Every mandatory rule has decided.\n"));

    const { status, stderr } = run();

    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(tools.lines(), [planCall, previewCall, undecidedCall]);
    assert.equal(tools.calls()[1]?.debugCommands, "true");
  });

  it("is told with verdicts, cost and diff", () => {
    tools.answer(plan(smallPlan), preview("+ aws:s3/bucket:Bucket: (create)\n"), undecided("fine\n"));
    run();

    assert.equal(
      report(),
      `### \`dev\`: may go up

**Policies.** 0 mandatory, 1 other.

**Cost.** 85.45 USD a month expected, 169.90 USD at worst; the ceiling is 1000.00 USD. Prices of us-east-1, listed up to 2026-09-28. With what waits for data or a model: 1 resource.

<details><summary>Verdicts that do not block</summary>

| policy | level | times | first |
| --- | --- | --- | --- |
| \`storage-bucket-settings\` | advisory | 1 | \`data\`: This bucket has no access log. |

</details>

<details><summary>The dearest components</summary>

| component | a month | at worst |
| --- | --- | --- |
| \`single/AllTraffic\` | 83.95 USD | 167.90 USD |
| \`data\` | 1.50 USD | 2.00 USD |

</details>

<details><summary>What Pulumi would change</summary>

\`\`\`diff
+ aws:s3/bucket:Bucket: (create)
\`\`\`

</details>
`,
    );
  });

  it("ends with the status of a violation, and tells which", () => {
    tools.answer(plan(violatingPlan, 1), preview("error: preview failed\n", 255));

    assert.equal(run().status, 1);
    assert.deepEqual(tools.lines(), [planCall, previewCall]);
    assert.equal(
      report(),
      `### \`dev\`: blocked by 1 mandatory violation

**Policies.** 1 mandatory, 0 other.

| mandatory policy | resource | what |
| --- | --- | --- |
| \`cost-instance-ceiling\` | \`single-config\` | ml.g4dn.xlarge costs 0.736 USD an hour; the ceiling is 0.12. |

**Cost.** 85.45 USD a month expected, 169.90 USD at worst; the ceiling is 1000.00 USD. Prices of us-east-1, listed up to 2026-09-28. With what waits for data or a model: 1 resource.

<details><summary>The dearest components</summary>

| component | a month | at worst |
| --- | --- | --- |
| \`single/AllTraffic\` | 83.95 USD | 167.90 USD |
| \`data\` | 1.50 USD | 2.00 USD |

</details>

The end of what Pulumi said:

\`\`\`text
error: preview failed
\`\`\`
`,
    );
  });

  it("ends with the status of a preview that failed where the plan is fine", () => {
    tools.answer(plan(smallPlan), preview("error: no credentials\n", 3));

    assert.equal(run().status, 3);
    assert.match(report(), /^### `dev`: failed: the preview ended with status 3\n/);
  });

  it("does not pass where a mandatory policy is undecided", () => {
    tools.answer(
      plan(smallPlan),
      preview("+\n"),
      undecided("must be decided: no-sagemaker-full-access\n", 1),
    );

    assert.equal(run().status, 1);
    const told = report();
    assert.match(told, /^### `dev`: blocked: a mandatory policy is undecided\n/);
    assert.match(told, /\n```text\nmust be decided: no-sagemaker-full-access\n```\n/);
  });

  it("does not pass where the verdicts cannot be read", () => {
    tools.answer(plan(smallPlan), preview("+\n"), undecided("no log\n", 2));

    assert.equal(run().status, 2);
    assert.match(report(), /^### `dev`: failed: the verdicts of the preview could not be read\n/);
  });

  it("lets policies be undecided that the environment names, and reads the cloud first where asked", () => {
    tools.answer(plan(smallPlan), preview("+\n"), undecided("fine\n"));

    run({ ALLOW_UNDECIDED: "one-rule  other-rule", REFRESH: "true" });

    assert.deepEqual(tools.lines().slice(1), [
      `${previewCall} --refresh`,
      `${undecidedCall} --allow one-rule other-rule`,
    ]);
  });

  it("compares the cost with that of the branch that a pull request is for", () => {
    const [base = ""] = commitEach(tools.work, [
      { "Pulumi.dev.yaml": "before\n" },
      { "Pulumi.dev.yaml": "after\n" },
    ]);
    const cheaper = { ...smallPlan, cost: { ...smallPlan.cost, monthly: 80.4, worstMonthly: 169.9 } };
    const before = "<folder>/results/before.yaml";
    tools.answer(
      { ...plan(cheaper), words: ["plan", "--config-file"] },
      plan(smallPlan),
      preview("+\n"),
      undecided("fine\n"),
    );

    run({ BASE_COMMIT: base });

    assert.equal(tools.lines()[1], `plan --stack dev --config-file ${before} --json`);
    assert.equal(tools.read("results/before.yaml"), "before\n");
    assert.match(report(), /85\.45 USD a month expected \(\+5\.05\), 169\.90 USD at worst \(unchanged\);/);
  });

  for (const [title, commits, beforeStatus] of [
    ["whose stack is new", [{ other: "a" }, { "Pulumi.dev.yaml": "after\n" }], 0],
    [
      "whose file does not suit the program",
      [{ "Pulumi.dev.yaml": "old\n" }, { "Pulumi.dev.yaml": "new\n" }],
      2,
    ],
  ] as const) {
    it(`leaves the comparison out against a branch ${title}`, () => {
      const [base = ""] = commitEach(tools.work, commits);
      tools.answer(
        { tool: "npx", words: ["plan", "--config-file"], status: beforeStatus },
        plan(smallPlan),
        preview("+\n"),
        undecided("fine\n"),
      );

      assert.equal(run({ BASE_COMMIT: base }).status, 0);
      assert.match(report(), /85\.45 USD a month expected, 169\.90 USD at worst;/);
    });
  }

  it("says so where nothing could be planned, and where the run ended before", () => {
    tools.answer({ ...plan({}, 2), stdout: "" }, preview("error: invalid\n", 2));

    assert.equal(run().status, 2);
    assert.match(report(), /^### `dev`: failed: nothing can be planned\n\nThere is no plan/);
    const { stdout } = tools.run("report.mjs", ["dev", join(tools.folder, "nowhere")]);
    assert.equal(
      stdout,
      "### `dev`: no preview\n\nThe run ended before the preview did. Its log says why.\n",
    );
  });

  it("tells a ceiling that the worst month goes above", () => {
    tools.answer(
      plan({ ...smallPlan, cost: { ...smallPlan.cost, ceilings: { monthlyUsd: 100 } } }),
      preview("+\n"),
      undecided(""),
    );
    run();

    assert.match(report(), /169\.90 USD at worst; \*\*above the ceiling of 100\.00 USD\.\*\*/);
  });

  it("prints what Pulumi says where the runner obeys no commands of a log", () => {
    tools.answer(plan(smallPlan), preview("::add-mask::a\n"), undecided("::error::b\n"));

    const { stdout } = run();

    const token = /^::stop-commands::([0-9a-f]{32})\n/.exec(stdout)?.[1];
    assert.equal(stdout, `::stop-commands::${token}\n::add-mask::a\n::error::b\n::${token}::\n`);
  });

  it("runs nothing of what a program, a cloud and a branch are called, and shows it as text", () => {
    const violation = {
      ...violatingPlan.policies[0],
      policy: hostileText,
      message: hostileText,
      urn: `a::b::${hostileText}`,
    };
    tools.answer(
      plan({ ...violatingPlan, policies: [violation] }, 1),
      preview(`${hostileText}\n\`\`\`\n</details>\n@octocat\n`),
      undecided("fine\n"),
    );

    run({ GITHUB_HEAD_REF: hostileText, GITHUB_REF_NAME: hostileText });
    const told = report();

    assert.equal(existsSync(join(tools.work, "pwned")), false);
    assert.match(told, /\n````diff\n/, "a fence that the content cannot end");
    const [beforeDiff = ""] = told.split("````diff");
    assert.doesNotMatch(
      beforeDiff.replaceAll(/(?<!\\)`[^`]*(?<!\\)`/g, ""),
      /[^\\]<script|[^\\]!\[|@octocat/,
    );
    assert.ok(!told.includes("\u202e") && !told.includes("\u001b"));
  });

  it("keeps the report of a stack within its share of a comment", () => {
    const many = Array.from({ length: 300 }, (_, at) => ({
      ...violatingPlan.policies[0],
      level: at < 100 ? "mandatory" : "advisory",
      policy: `rule-${at}`,
      message: "é<".repeat(300),
    }));
    tools.answer(
      plan({ ...violatingPlan, policies: many }, 1),
      preview("+ line\n".repeat(20_000)),
      undecided("x\n".repeat(9000), 1),
    );
    run();

    const told = report();

    assert.ok(Buffer.byteLength(told) <= 18_000, `${Buffer.byteLength(told)} bytes`);
    assert.match(told, /\n… and \d+ more; `sagemaker-ops plan` lists all\.\n/);
    assert.match(told, /\n… \d+ more lines are in the log of the run\n```\n\n<\/details>\n$/);
  });

  it("gives the runner the report as one output, whatever lines it has", () => {
    tools.answer(plan(smallPlan), preview("EOF\nstolen=1\n"), undecided("fine\n"));
    run();

    const told = report();

    const output = tools.read("output") ?? "";
    const end = /^dev<<([0-9a-f-]{36})\n/.exec(output)?.[1];
    assert.equal(output, `dev<<${end}\n${told}${end}\n`);
    assert.equal(tools.read("summary"), told);
  });
});

describe("the update of a stack", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools();
  });
  afterEach(() => tools.remove());

  for (const [refresh, last] of [
    ["false", "--diff"],
    ["true", "--diff --refresh"],
  ] as const) {
    it(`asks nobody, and ends as Pulumi ends, with refresh ${refresh}`, () => {
      tools.answer({ tool: "npx", words: ["up"], stdout: "::error::x\n", status: 4 });

      const { status, stdout } = tools.run("up.sh", ["dev"], { REFRESH: refresh });

      assert.equal(status, 4);
      assert.deepEqual(tools.lines(), [`up --stack dev -- --yes --non-interactive --color never ${last}`]);
      assert.match(stdout, /^::stop-commands::([0-9a-f]{32})\n::error::x\n::\1::\n$/);
    });
  }
});
