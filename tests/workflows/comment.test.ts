import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FakeTools } from "./fake-tools";
import { hostileText } from "./small-plans";

const mark = "<!-- sagemaker-ops: preview -->";
const bot = { login: "github-actions[bot]" };
const listPath = "repos/octo/models/issues/7/comments?per_page=100";

describe("the comment on a pull request", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools(["gh"]);
  });
  afterEach(() => tools.remove());

  const run = (
    { stacks, reports, comments = [] }: { stacks: string[]; reports: object; comments?: object[][] },
    env: Readonly<Record<string, string>> = {},
  ) => {
    tools.answer(
      { tool: "gh", words: ["--slurp", listPath], stdout: JSON.stringify(comments) },
      { tool: "gh", words: ["PATCH"], stdout: "{}" },
      { tool: "gh", words: ["POST"], stdout: "{}" },
    );
    const { status, stderr } = tools.run("comment.mjs", [], {
      GITHUB_REPOSITORY: "octo/models",
      PR_NUMBER: "7",
      STACKS: JSON.stringify(stacks),
      REPORTS: JSON.stringify(reports),
      RUN_URL: "https://github.com/octo/models/actions/runs/1",
      ...env,
    });
    assert.deepEqual([status, stderr], [0, ""]);
    return tools
      .calls()
      .map(({ args, input }) => [args.join(" "), input === "" ? "" : (JSON.parse(input) as object)]);
  };

  const list = [`api --paginate --slurp ${listPath}`, ""];
  const body = `${mark}

## Preview

### \`dev\`: may go up

### \`prod\`: no preview

The run ended before the preview did. Its log says why.

[Log of the run](https://github.com/octo/models/actions/runs/1)`;
  const reports = { dev: "### `dev`: may go up", staging: "", prod: "" };

  it("is written once, with a section for each stack", () => {
    const calls = run({
      stacks: ["dev", "prod"],
      reports,
      comments: [[{ id: 1, user: bot, body: "other" }]],
    });

    assert.deepEqual(calls, [
      list,
      ["api --method POST repos/octo/models/issues/7/comments --input -", { body }],
    ]);
  });

  it("is changed where it is there, on whatever page", () => {
    const comments = [[{ id: 1, user: bot, body: null }], [{ id: 42, user: bot, body: `${mark}\n\nold` }]];

    const calls = run({ stacks: ["dev", "prod"], reports, comments });

    assert.deepEqual(calls, [
      list,
      ["api --method PATCH repos/octo/models/issues/comments/42 --input -", { body }],
    ]);
  });

  it("is not taken for one that a person wrote or quoted", () => {
    const comments = [
      [
        { id: 1, user: { login: "octocat" }, body: `${mark}\n\nmine` },
        { id: 2, user: bot, body: `> ${mark}` },
        { id: 3, user: null, body: mark },
      ],
    ];

    assert.match(String(run({ stacks: ["dev"], reports, comments })[1]?.[0]), /POST/);
  });

  it("is not begun where no stack is touched, and takes back what it said before", () => {
    assert.deepEqual(run({ stacks: [], reports: {} }), [list]);

    const calls = run({ stacks: [], reports: {}, comments: [[{ id: 5, user: bot, body: mark }]] });

    assert.match(JSON.stringify(calls.at(-1)), /PATCH.*does not change any stack that is set up/);
  });

  it("runs nothing of what a branch or a title says, and does not tell it", () => {
    const calls = run(
      { stacks: ["dev"], reports: { dev: `### ${hostileText}` } },
      { GITHUB_HEAD_REF: hostileText, GITHUB_REF_NAME: hostileText, PR_TITLE: hostileText },
    );

    assert.equal(existsSync(join(tools.work, "pwned")), false);
    assert.equal(
      JSON.stringify(calls).split("touch pwned #").length,
      2,
      "only in the report that it was given",
    );
  });

  it("fails where it cannot be written", () => {
    tools.answer(
      { tool: "gh", words: ["--slurp"], stdout: "[[]]" },
      { tool: "gh", words: ["POST"], status: 1, stderr: "HTTP 403\n" },
    );

    const { status, stderr } = tools.run("comment.mjs", [], {
      GITHUB_REPOSITORY: "octo/models",
      PR_NUMBER: "7",
      STACKS: '["dev"]',
      REPORTS: "{}",
      RUN_URL: "https://github.com/octo/models/actions/runs/1",
    });

    assert.equal(status, 1);
    assert.match(stderr, /HTTP 403/);
  });

  it("fits into what GitHub takes and a process is handed, with every stack's share used up", () => {
    const share = "x\n".repeat(9000);
    const calls = run({
      stacks: ["dev", "staging", "prod"],
      reports: { dev: share, staging: share, prod: share },
    });

    const written = calls[1]?.[1] as { readonly body: string } | undefined;
    assert.ok(written !== undefined && written.body.length > 54_000 && written.body.length < 65_536);
  });
});
