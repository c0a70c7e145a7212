import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { EngineStack } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { describeWithEngine } from "./support/with-engine";

const fullAccess = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";

/**
 * Protects: what a level of a policy means in a deployment. A mandatory rule stops a resource before it exists, an advisory one lets
 * it through and says so, a remediation changes it, and what a preview cannot know it does not call good.
 */
describeWithEngine("the policy pack in a deployment", (engine) => {
  const guarded = join(projectRoot, "examples/guarded");
  const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
  const stackOf = async (stack: string) => {
    const { cli, keep } = engine();
    return keep(await EngineStack.ofProgram(cli, "sentiment", stack, "examples/guarded"));
  };
  const pack = (config: string) => [
    ...["--policy-pack", join(projectRoot, "policy")],
    ...["--policy-pack-config", config],
  ];

  it("stops what violates a mandatory rule before it exists", async () => {
    const stack = await stackOf("bad");

    const run = await stack.up({ args: pack(join(guarded, "policy-config.json")) });

    assert.notEqual(run.status, 0);
    const violated = run.findings.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
    // The first violation ends the update, so that later resources are not even judged.
    assert.deepEqual([...new Set(violated)], ["iam-no-sagemaker-full-access"]);
    const types = Object.values(stack.account().objects).map(({ type }) => type);
    assert.ok(!types.includes(attachment), types.join());
    assert.ok(!types.includes("aws:sagemaker/endpointConfiguration:EndpointConfiguration"), types.join());
    assert.ok(!types.includes("aws:sagemaker/endpoint:Endpoint"), types.join());
  });

  it("lets through what violates an advisory rule, and says so", async () => {
    const stack = await stackOf("bad");
    stack.write({ "advisory.json": JSON.stringify({ all: "advisory" }) });

    const run = await stack.up({ args: pack(stack.path("advisory.json")) });

    assert.deepEqual(failuresOf(run), []);
    assert.equal(run.status, 0, run.stderr);
    assert.ok(Object.values(stack.account().objects).some(({ type }) => type === attachment));
    const told = run.findings.filter(({ policy }) => policy === "iam-no-sagemaker-full-access");
    assert.deepEqual([...new Set(told.map(({ level }) => level))], ["advisory"]);
  });

  it("lets through what keeps to every rule", async () => {
    const stack = await stackOf("good");

    const run = await stack.up({ args: pack(join(guarded, "policy-config.json")) });

    assert.deepEqual(failuresOf(run), []);
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(
      run.findings.filter(({ level }) => level === "mandatory"),
      [],
    );
  });

  it("does not call good in a preview what only the deployment can judge, and stops it there", async () => {
    const { cli, keep } = engine();
    const stack = keep(await EngineStack.ofProgram(cli, "late", "dev", lateAccess));
    stack.write({ "policy-config.json": JSON.stringify({ "iam-no-sagemaker-full-access": "mandatory" }) });
    const args = pack(stack.path("policy-config.json"));

    const preview = await stack.preview({ args });

    assert.equal(preview.status, 0, preview.stderr);
    const told = preview.findings.filter(({ policy }) => policy === "iam-no-sagemaker-full-access");
    assert.equal(told.length, 1, JSON.stringify(preview.findings));
    assert.match(told[0]?.message ?? "", /^Not decided: policyArn is unknown until deployment/m);

    const up = await stack.up({ args });

    assert.notEqual(up.status, 0);
    assert.ok(!Object.values(stack.account().objects).some(({ type }) => type === attachment));
  });

  it("changes what a remediation is about, and the account has what the remediation made of it", async () => {
    const { cli, keep } = engine();
    const stack = keep(await EngineStack.ofProgram(cli, "remedied", "dev", remedied));

    const run = await stack.up({ args: ["--policy-pack", stack.path("pack")] });

    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.deepEqual(changesOf(run), ["create aws", "create queue", "create remedied-dev"]);
    const [queue] = Object.values(stack.account().objects);
    assert.equal(queue?.properties.kmsMasterKeyId, "alias/aws/sqs");
  });
});

/** Attaches full access by an ARN that is known only once the role exists. */
const lateAccess = {
  "Pulumi.yaml": "name: late\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "late", main: "index.js" }),
  "index.js": `
const { Role, RolePolicyAttachment } = require("@pulumi/aws/iam");
const role = new Role("role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } }],
  }),
});
new RolePolicyAttachment("late", { role: role.name, policyArn: role.uniqueId.apply(() => "${fullAccess}") });
`,
};

const remedied = {
  "Pulumi.yaml": "name: remedied\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "remedied", main: "index.js" }),
  "index.js": `
const { Provider } = require("@pulumi/aws/provider");
const { Queue } = require("@pulumi/aws/sqs");
const provider = new Provider("aws", { region: "us-east-1" });
new Queue("queue", {}, { provider });
`,
  "pack/PulumiPolicy.yaml": "runtime: nodejs\n",
  "pack/package.json": JSON.stringify({ name: "encrypted-queues", version: "1.0.0", main: "index.js" }),
  // The SDK reads the pack's version from the working directory, which is the program's.
  "pack/index.js": `
process.chdir(__dirname);
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("encrypted-queues", {
  policies: [{
    name: "encrypt",
    description: "Queues are encrypted.",
    enforcementLevel: "remediate",
    remediateResource: ({ type, props }) =>
      type === "aws:sqs/queue:Queue" ? { ...props, kmsMasterKeyId: "alias/aws/sqs" } : undefined,
  }],
});
`,
};
