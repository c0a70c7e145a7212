import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { EngineStack } from "../engine/support/engine-stack";
import { describeWithEngine } from "../engine/support/with-engine";
import { FakeTools } from "./fake-tools";

const events = readFileSync(join(projectRoot, "tests/fixtures/policy/preview-events.jsonl"), "utf8");

/** Does not prove what Pulumi answers: its part is a log that it wrote once. */
describe("the preview of a stack, with this project's own command", function () {
  this.timeout(240_000);
  let tools: FakeTools;
  before(() => {
    tools = new FakeTools(["pulumi"]);
  });
  after(() => tools.remove());

  it("plans, hands Pulumi the pack and a log for its verdicts, and stops where one is undecided", () => {
    tools.answer({
      tool: "pulumi",
      words: ["preview", "--stack", "dev"],
      stdout: "+ create\n",
      writes: { after: "--event-log", content: events },
    });

    const { status, stdout } = tools.run(
      "preview.sh",
      ["dev", tools.results],
      { BASE_COMMIT: "HEAD" },
      projectRoot,
    );

    assert.equal(status, 1);
    assert.match(stdout, /\nmust be decided: [a-z-]+ \(mandatory\)/);
    const [call, ...others] = tools.calls();
    assert.deepEqual([others.length, call?.debugCommands], [0, "true"]);
    assert.ok(call?.args.includes(join(projectRoot, "policy")));
    const told = tools.run("report.mjs", ["dev", tools.results]).stdout;
    assert.match(
      told,
      /^### `dev`: blocked: a mandatory policy is undecided\n\n\*\*Policies\.\*\* 0 mandatory, \d+ other\./,
    );
    assert.match(told, / USD a month expected(?: \(unchanged\))?, \d/);
    assert.match(told, /\n```diff\n\+ create\n```\n/);
  });
});

describeWithEngine("the statuses and arguments of Pulumi that the workflows stand on", (engine) => {
  it("are 7 for drift, 0 without, and every argument is known", async () => {
    const stack = engine().keep(
      await EngineStack.ofProgram(engine().cli, "small", "dev", {
        "Pulumi.yaml": "name: small\nruntime: nodejs\n",
        "package.json": '{ "name": "small", "main": "index.js" }\n',
        "index.js":
          'const { ComponentResource } = require("@pulumi/pulumi");\nnew ComponentResource("a:b:C", "one");\n',
      }),
    );
    const tools = new FakeTools(["npx"]);
    tools.answer({ tool: "npx", words: [], writes: { after: "--event-log", content: "" } });
    tools.run("drift.sh", ["dev", tools.results]);
    tools.run("preview.sh", ["dev", tools.results], { REFRESH: "true" });
    tools.run("up.sh", ["dev"], { REFRESH: "true" });
    const [drift = [], preview = [], up = []] = tools
      .calls()
      .map(({ args }) => args.slice(2))
      .filter(([operation]) => operation === "preview" || operation === "up")
      .map((args) => args.filter((argument) => argument !== "--"));

    const debug = { PULUMI_DEBUG_COMMANDS: "true" };
    assert.equal((await stack.pulumi(drift)).status, 7);
    assert.equal((await stack.pulumi(preview, debug)).status, 0);
    assert.match(tools.read("results/events.json") ?? "", /"summaryEvent":\{/);
    assert.equal((await stack.pulumi(up)).status, 0);
    assert.equal((await stack.pulumi(drift)).status, 0);
    tools.remove();
  });
});
