import assert from "node:assert/strict";
import { EngineStack, type Run } from "./support/engine-stack";
import { failuresOf } from "./support/operations";
import { endpointOf, ofType, servingStack } from "./support/serving-stack";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: the outputs contract, read by another team's program through the engine's state and through SSM parameters. What that
 * program reads cannot go without its deployment failing before it changes anything.
 */
describeWithEngine("another team's program", (engine) => {
  let publisher: EngineStack;
  let consumer: EngineStack;
  let first: Run;

  before(async () => {
    const { cli } = engine();
    publisher = await servingStack(engine());
    consumer = await EngineStack.ofProgram(cli, "breed-gallery", "dev", "examples/consumer", publisher);
    first = await consumer.up();
  });

  it("finds what to call and who may by StackReference", () => {
    assert.deepEqual(failuresOf(first), []);
    const [alias] = ofType(publisher, "aws:lambda/alias:Alias");
    assert.equal(consumer.outputs().classifierAliasArn, alias?.properties.arn);
    const [attached] = ofType(publisher, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    const policies = ofType(publisher, "aws:iam/policy:Policy").map(({ properties }) => properties.arn);
    assert.ok(policies.includes(attached?.properties.policyArn ?? null));
  });

  it("finds the same by SSM parameter, and so changes nothing", async () => {
    const byParameter = engine().keep(consumer.fork());
    byParameter.configure((settings) => {
      settings.source = { kind: "parameter", prefix: "/sagemaker-ops/dev" };
    });

    const run = await byParameter.preview();

    assert.deepEqual(failuresOf(run), []);
    assert.equal(run.status, 0, run.stderr);
    const changed = run.operations.filter(({ op }) => op !== "same").map(({ op, type }) => `${op} ${type}`);
    // What goes is the reference, and with it the engine's own provider of references.
    assert.deepEqual(changed, ["discard pulumi:pulumi:StackReference", "delete pulumi:providers:pulumi"]);
  });

  for (const [kind, source] of [
    ["StackReference", { kind: "stack", name: "organization/sagemaker-ops/dev" }],
    ["SSM parameter", { kind: "parameter", prefix: "/sagemaker-ops/dev" }],
  ] as const) {
    it(`fails before it changes anything where a field it reads by ${kind} was renamed`, async () => {
      const renaming = engine().keep(publisher.fork());
      renaming.edit("infra/stack/contract.ts", "functionAliasArn: fn.aliasArn", "aliasArn: fn.aliasArn");
      assert.equal((await renaming.up()).status, 0);
      const reading = renaming.sibling(consumer);
      reading.configure((settings) => {
        settings.source = source;
      });
      const before = Object.keys(renaming.account().objects);

      const run = await reading.up();

      assert.notEqual(run.status, 0);
      assert.match(run.stdout, /has no "functionAliasArn"; an ARN is expected/);
      assert.deepEqual(Object.keys(renaming.account().objects), before);
      assert.equal(endpointOf(renaming).live.status, "InService");
    });
  }
});
