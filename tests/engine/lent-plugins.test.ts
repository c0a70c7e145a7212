import assert from "node:assert/strict";
import { EngineStack } from "./support/engine-stack";
import { changesOf } from "./support/operations";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects the other scenarios: their runs share processes that have loaded a program already and have worked on another account, and
 * must not see either.
 */
describeWithEngine("plugins that are lent to one run after another", (engine) => {
  it("load a program anew when it has changed, and one that exports no function for every run", async () => {
    const again = await stackOf("again", exporting("first"));
    const whole = await stackOf("whole", program("first"));
    assert.deepEqual(changesOf(await again.up()), ["create again-dev", "create aws", "create first"]);
    assert.deepEqual(changesOf(await whole.up()), ["create aws", "create first", "create whole-dev"]);

    again.write({ "index.js": exporting("second") });
    const changed = changesOf(await again.up());
    const repeated = changesOf(await whole.up());

    assert.deepEqual(changed, ["create second", "delete first"]);
    assert.deepEqual(repeated, []);
  });

  it("work on the account of the stack whose run it is", async () => {
    const first = await stackOf("one", exporting("mine"));
    const other = await stackOf("another", exporting("other"));

    await first.up();
    await other.up();
    await first.refresh();

    assert.deepEqual(namesIn(first), ["mine"]);
    assert.deepEqual(namesIn(other), ["other"]);
    assert.deepEqual(first.state().filter(({ type }) => type === queue).length, 1);
  });

  async function stackOf(project: string, index: string): Promise<EngineStack> {
    const files = {
      "Pulumi.yaml": `name: ${project}\nruntime: nodejs\n`,
      "package.json": JSON.stringify({ name: project, main: "index.js" }),
      "index.js": index,
    };
    return engine().keep(await EngineStack.ofProgram(engine().cli, project, "dev", files));
  }
});

const queue = "aws:sqs/queue:Queue";

function namesIn(stack: EngineStack): string[] {
  return Object.values(stack.account().objects).map(({ urn }) => urn.split("::").at(-1) ?? "");
}

function program(name: string): string {
  return `
  const { Provider } = require("@pulumi/aws/provider");
  const { Queue } = require("@pulumi/aws/sqs");
  const provider = new Provider("aws", { region: "us-east-1" });
  new Queue("${name}", {}, { provider });`;
}

function exporting(name: string): string {
  return `module.exports = () => {${program(name)}\n};\n`;
}
