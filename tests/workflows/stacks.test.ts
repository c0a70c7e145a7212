import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commitEach, FakeTools } from "./fake-tools";

const files = {
  "Pulumi.dev.yaml": "a",
  "Pulumi.staging.yaml": "a",
  "Pulumi.prod.yaml": "a",
  "infra/index.ts": "a",
  "docs/ci.md": "a",
};

describe("the stacks that a run is about", () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools([]);
  });
  afterEach(() => tools.remove());

  const changedBy = (change: Readonly<Record<string, string>>, setUp = "dev staging prod") => {
    const [base = ""] = commitEach(tools.work, [files, change]);
    return tools.run("stacks.sh", ["changed", base], { STACKS: setUp });
  };

  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ["one, whose file changed", { "Pulumi.prod.yaml": "b" }, '["prod"]'],
    [
      "two, in the order of the variable",
      { "Pulumi.prod.yaml": "b", "Pulumi.dev.yaml": "b" },
      '["dev","prod"]',
    ],
    ["all, where the program changed", { "infra/index.ts": "b" }, '["dev","staging","prod"]'],
    [
      "all, where something changed that nobody thought of",
      { "new/thing.txt": "b" },
      '["dev","staging","prod"]',
    ],
    ["all, where Pulumi.yaml changed", { "Pulumi.yaml": "b" }, '["dev","staging","prod"]'],
    [
      "none, where only documents and tests changed",
      { "docs/ci.md": "b", "tests/a.ts": "b", "README.md": "b" },
      "[]",
    ],
    ["none, where the file is of a stack that is not set up", { "Pulumi.elsewhere.yaml": "b" }, "[]"],
  ];
  for (const [title, change, expected] of cases) {
    it(`are ${title}`, () => {
      const { status, stdout, stderr } = changedBy(change);

      assert.deepEqual([status, stdout, stderr], [0, `${expected}\n`, ""]);
      assert.equal(tools.read("output"), `stacks=${expected}\n`);
    });
  }

  it("are all, where a file of the program moved among the documents", () => {
    const text = "the same text in both places, long enough to be taken for a rename\n".repeat(5);
    const [base = ""] = commitEach(tools.work, [
      { ...files, "infra/moved.ts": text },
      { "infra/moved.ts": null, "docs/moved.ts": text },
    ]);

    assert.equal(tools.run("stacks.sh", ["changed", base], { STACKS: "dev" }).stdout, '["dev"]\n');
  });

  it("are not told by a path that is a command, and nothing of it is run", () => {
    const { status, stdout } = changedBy({
      "Pulumi.$(touch pwned).yaml": "b",
      "docs/`touch pwned`\n::error::x": "b",
      "Pulumi.dev].yaml": "b",
    });

    assert.deepEqual([status, stdout], [0, "[]\n"]);
    assert.equal(existsSync(join(tools.work, "pwned")), false);
  });

  it("are all that are set up, where a branch is new or all are asked for", () => {
    commitEach(tools.work, [files]);
    const env = { STACKS: "dev prod" };

    assert.equal(tools.run("stacks.sh", ["changed", "0".repeat(40)], env).stdout, '["dev","prod"]\n');
    assert.equal(tools.run("stacks.sh", ["all"], env).stdout, '["dev","prod"]\n');
    assert.equal(tools.run("stacks.sh", ["one", "prod"], env).stdout, '["prod"]\n');
  });

  it("are none where none is set up", () => {
    assert.equal(changedBy({ "infra/index.ts": "b" }, "").stdout, "[]\n");
  });

  it("are refused where a name is no stack's, is not set up or the commit is unknown", () => {
    commitEach(tools.work, [files]);
    const refused = (args: readonly string[], setUp: string) => {
      const { status, stdout, stderr } = tools.run("stacks.sh", args, { STACKS: setUp });
      assert.equal(stdout, "");
      return [status, stderr];
    };

    assert.deepEqual(refused(["all"], "$(touch${IFS}pwned)"), [
      2,
      "The variable SAGEMAKER_OPS_STACKS names stacks with a space between them, in letters, digits, - and _: dev staging prod.\n",
    ]);
    assert.deepEqual(refused(["all"], "qa"), [
      2,
      "SAGEMAKER_OPS_STACKS names the stack qa, and there is no Pulumi.qa.yaml.\n",
    ]);
    assert.deepEqual(refused(["one", "$(touch pwned)"], "dev"), [
      2,
      "The stack is not set up. SAGEMAKER_OPS_STACKS names: dev.\n",
    ]);
    assert.equal(refused(["changed", "f".repeat(40)], "dev")[0], 128);
    assert.equal(existsSync(join(tools.work, "pwned")), false);
  });
});
