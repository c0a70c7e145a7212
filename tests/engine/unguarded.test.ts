import assert from "node:assert/strict";
import { EngineStack, type Run } from "./support/engine-stack";
import { failuresOf } from "./support/operations";
import { endpointOf, servedArtifact } from "./support/serving-stack";
import { describeWithEngine } from "./support/with-engine";

/**
 * Why the program checks by itself what answers, and keeps what has answered: small programs without the one or the other lose the
 * configuration in use when SageMaker rolls an update back in silence.
 */
describeWithEngine("a program without the guard against silent rollbacks", (engine) => {
  const updated = async (guard: Guard, compares: "state" | "inputs") => {
    const { cli, keep } = engine();
    const stack = keep(await EngineStack.ofProgram(cli, "unguarded", "dev", program("b", guard)));
    const first = await stack.up();
    assert.deepEqual(failuresOf(first), []);
    stack.write(program("e", guard));
    stack.setFaults({ silentRollback: ["unguarded"], compares });
    const run = await stack.up();
    stack.setFaults({ compares });
    return { stack, run };
  };

  it("succeeds, deletes what answers, and can never be updated again", async () => {
    const { stack, run } = await updated("none", "state");

    assert.equal(run.status, 0, run.stderr);
    assert.equal(endpointOf(stack).live.status, "InService");
    assert.equal(servedArtifact(stack), undefined);

    const next = await stack.up();

    assert.notEqual(next.status, 0);
    assert.match(next.errors.join("\n"), /Could not find endpoint configuration/);
  });

  it("is not told of the loss by the next update under a provider that does not look at what answers", async () => {
    const { stack } = await updated("none", "inputs");

    const next = await stack.up({ args: ["--expect-no-changes"] });

    assert.equal(next.status, 0, next.stderr);
    assert.equal(servedArtifact(stack), undefined);
  });

  it("loses what answers on the second update when a hook is all that watches", async () => {
    const { stack, run } = await updated("hook", "inputs");

    assert.notEqual(run.status, 0);
    assert.notEqual(servedArtifact(stack), undefined);

    const next: Run = await stack.up();

    assert.equal(next.status, 0, next.stderr);
    assert.equal(servedArtifact(stack), undefined);
  });
});

type Guard = "none" | "hook";

function program(digit: string, guard: Guard): Record<string, string> {
  const hook = `
const watch = new pulumi.ResourceHook("watch", (args) => {
  if (args.newOutputs.endpointConfigName !== args.newInputs.endpointConfigName) throw new Error("rolled back");
});`;
  return {
    "Pulumi.yaml": "name: unguarded\nruntime: nodejs\n",
    "package.json": JSON.stringify({ name: "unguarded", main: "index.js" }),
    "index.js": `
const pulumi = require("@pulumi/pulumi");
const { Role } = require("@pulumi/aws/iam");
const { Endpoint, EndpointConfiguration, Model } = require("@pulumi/aws/sagemaker");
${guard === "hook" ? hook : ""}
const role = new Role("role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } }],
  }),
});
const model = new Model("model", {
  executionRoleArn: role.arn,
  primaryContainer: { image: "image", modelDataUrl: "s3://models/${digit.repeat(64)}/model.tar.gz" },
});
const config = new EndpointConfiguration("config", {
  productionVariants: [{ variantName: "live", modelName: model.name, instanceType: "ml.m5.large", initialInstanceCount: 1 }],
});
new Endpoint(
  "endpoint",
  { name: "unguarded", endpointConfigName: config.name },
  ${guard === "hook" ? "{ hooks: { afterUpdate: [watch] } }" : "{}"},
);
`,
  };
}
