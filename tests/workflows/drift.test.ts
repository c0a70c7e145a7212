import assert from "node:assert/strict";
import { FakeTools } from "./fake-tools";

const mark = "<!-- sagemaker-ops: drift -->";
const bot = { login: "github-actions[bot]" };

describe("the comparison with the cloud", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools();
  });
  afterEach(() => tools.remove());

  const compare = (status: number, stdout = "~ aws:s3/bucket:Bucket: (update)\n") => {
    tools.answer({ tool: "npx", words: ["preview"], stdout, status });
    const ended = tools.run("drift.sh", ["prod", tools.results]);
    const { stdout: report } = tools.run("drift-report.mjs", ["prod", tools.results]);
    return { ...ended, result: tools.read("results/result.txt"), report };
  };

  it("reads the cloud and expects no change", () => {
    const { status, result, report } = compare(0);

    assert.deepEqual(tools.lines(), [
      "preview --stack prod -- --refresh --expect-no-changes --diff --non-interactive --color never",
    ]);
    assert.deepEqual([status, result, report], [0, "none\n", "none\n"]);
  });

  it("tells drift by the status that Pulumi has for it", () => {
    const { status, result, report } = compare(7);

    assert.deepEqual([status, result], [0, "drift\n"]);
    assert.equal(report, "### `prod`: drift\n\n```diff\n~ aws:s3/bucket:Bucket: (update)\n```\n");
  });

  it("fails, and says so, where the stack could not be compared", () => {
    const { status, result, report } = compare(255, "error: no credentials\n");

    assert.deepEqual([status, result], [255, "failed\n"]);
    assert.equal(report, "### `prod`: could not be compared\n\n```text\nerror: no credentials\n```\n");
  });

  it("says so where the run ended before it", () => {
    assert.match(
      tools.run("drift-report.mjs", ["prod", tools.results]).stdout,
      /^### `prod`: could not be compared\n/,
    );
  });
});

describe("the issue about drift", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools(["gh"]);
  });
  afterEach(() => tools.remove());

  const list = ["api --paginate --slurp repos/octo/models/issues?state=open&per_page=100", ""];
  const run = (reports: object, issues: object[] = [], stacks = ["dev", "prod"]) => {
    tools.answer(
      { tool: "gh", words: ["--slurp"], stdout: JSON.stringify([issues]) },
      { tool: "gh", words: ["--method"], stdout: "{}" },
    );
    const { status, stderr } = tools.run("drift-issue.mjs", [], {
      GITHUB_REPOSITORY: "octo/models",
      STACKS: JSON.stringify(stacks),
      REPORTS: JSON.stringify(reports),
      RUN_URL: "https://github.com/octo/models/actions/runs/1",
    });
    assert.deepEqual([status, stderr], [0, ""]);
    return tools
      .calls()
      .map(({ args, input }) => [args.join(" "), input === "" ? "" : (JSON.parse(input) as object)]);
  };
  const drifted = { dev: "none", prod: "### `prod`: drift" };
  const open = { number: 9, user: bot, body: `${mark}\n\nold` };
  const body =
    `${mark}\n\nEither somebody changed the cloud by hand, or the program was merged and not deployed. Deploy to take it back, or ` +
    "write the change into the program; `pulumi refresh` alone only makes the state agree.\n\n### `prod`: drift\n\n" +
    "[Log of the run](https://github.com/octo/models/actions/runs/1)";

  it("is opened with what differs", () => {
    assert.deepEqual(run(drifted), [
      list,
      [
        "api --method POST repos/octo/models/issues --input -",
        { title: "Drift: the cloud differs from the program", body },
      ],
    ]);
  });

  it("is changed while it is open, and no other's is taken for it", () => {
    const issues = [
      { number: 1, user: { login: "octocat" }, body: mark },
      { number: 2, user: bot, body: mark, pull_request: {} },
      open,
    ];

    assert.deepEqual(run(drifted, issues), [
      list,
      ["api --method PATCH repos/octo/models/issues/9 --input -", { body }],
    ]);
  });

  it("is closed when nothing differs any more", () => {
    const calls = run({ dev: "none", prod: "none" }, [open]);

    assert.match(
      JSON.stringify(calls[1]),
      /PATCH.*issues\/9 .*No stack differs from the cloud any more.*"state":"closed"/,
    );
  });

  it("is not opened without drift", () => {
    assert.deepEqual(run({ dev: "none", prod: "none" }), [list]);
  });

  it("stays open where a stack was not compared", () => {
    const calls = run({ dev: "none", prod: "" }, [open]);

    assert.match(JSON.stringify(calls[1]), /PATCH.*could not be compared/);
    assert.doesNotMatch(JSON.stringify(calls[1]), /closed/);
  });
});
