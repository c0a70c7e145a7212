import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStack } from "../../cli/core/plan-stack";
import { projectRoot } from "../../cli/core/project-root";
import { endpointParameter, parseContract } from "../../infra/outputs";
import type { JsonObject } from "../../plan/json-value";
import { loadProject } from "../../plan/load-project";
import { runProgram } from "../../plan/run-program";
import { runCli } from "../support/run-cli";

const folder = join(projectRoot, "examples/consumer");
const fixturesFile = join(folder, "fixtures.json");
const devStack = "organization/sagemaker-ops/dev";
const prodParameter = "/sagemaker-ops/prod/endpoints/breeds";

interface Fixtures {
  readonly stackReferences: Readonly<Record<string, JsonObject>>;
  readonly "aws:ssm/getParameter:getParameter": readonly {
    readonly when: JsonObject;
    readonly result: JsonObject;
  }[];
}

const fixtures = JSON.parse(readFileSync(fixturesFile, "utf8")) as Fixtures;
const contract = fixtures.stackReferences[devStack] as JsonObject;
const parameter = fixtures["aws:ssm/getParameter:getParameter"][0]?.result.insecureValue as string;

/** The program with other outputs of the classifier's stack. */
function withOutputs(outputs: JsonObject) {
  return runProgram({
    ...loadProject(folder, "dev"),
    fixtures: { stackReferences: { [devStack]: outputs } },
  });
}

/** The program with another text in the endpoint's parameter. */
function withParameter(insecureValue: string) {
  return runProgram({
    ...loadProject(folder, "prod"),
    fixtures: {
      "aws:ssm/getParameter:getParameter": [{ when: { name: prodParameter }, result: { insecureValue } }],
    },
  });
}

function withEndpoint(change: (entry: Record<string, unknown>) => void): JsonObject {
  const changed = structuredClone(contract) as { endpoints: { single: Record<string, unknown> } };
  change(changed.endpoints.single);
  return changed as unknown as JsonObject;
}

describe("the example of another team's program", () => {
  for (const [stack, channel, endpoint, policy] of [
    ["dev", "the stack's outputs", "sagemaker-ops-dev-single", "single-invoke-416aa60"],
    ["prod", "the SSM parameter", "sagemaker-ops-prod-breeds", "breeds-invoke-a4c4133"],
  ] as const) {
    it(`attaches the invoke policy and hands on the alias, read from ${channel}`, async () => {
      const args = ["plan", "--program", folder, "--stack", stack, "--fixtures", fixturesFile, "--json"];
      const { status, stdout, stderr } = await runCli(args);

      const plan = JSON.parse(stdout) as {
        resources: { type: string; name: string; inputs: Record<string, unknown> }[];
        policies: { policy: string; level: string }[];
        outputs: Record<string, unknown>;
      };
      const inputs = (type: string) => plan.resources.find((resource) => resource.type === type)?.inputs;
      const aliasArn = `arn:aws:lambda:us-east-1:123456789012:function:${endpoint}:live`;
      assert.equal(status, 0, stderr);
      // A key of its own for a log of calls is more than the example is about.
      assert.deepEqual(
        plan.policies.map(({ policy, level }) => [policy, level]),
        [["logs-kms", "advisory"]],
      );
      assert.equal(
        inputs("aws:iam/rolePolicyAttachment:RolePolicyAttachment")?.policyArn,
        `arn:aws:iam::123456789012:policy/${policy}`,
      );
      assert.deepEqual(inputs("aws:lambda/function:Function")?.environment, {
        variables: { CLASSIFIER_ALIAS_ARN: aliasArn },
      });
      assert.equal(plan.outputs.classifierAliasArn, aliasArn);
    });
  }

  it("ends with status 2, one message and no stack trace at another version, as its README says", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "sagemaker-ops-consumer-"));
    try {
      const file = join(temporary, "fixtures.json");
      writeFileSync(
        file,
        JSON.stringify({ stackReferences: { [devStack]: { ...contract, contractVersion: "2" } } }),
      );

      const result = await runCli(["plan", "--program", folder, "--stack", "dev", "--fixtures", file]);

      const readme = readFileSync(join(folder, "README.md"), "utf8");
      const shown = /status 2 and the message:\n\n```\n(.*?)\n```/s.exec(readme)?.[1] ?? "";
      assert.deepEqual(result, { status: 2, stdout: "", stderr: `${shown}\n` });
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });

  describe("run against what the classifier's own program publishes", () => {
    it("finds its endpoint among the outputs", async () => {
      const { outputs } = await planStack({ stack: "dev" });

      const { endpoints } = parseContract(outputs);
      const consumer = await withOutputs(outputs);
      assert.ok(endpoints.single?.functionAliasArn);
      assert.equal(consumer.outputs.classifierAliasArn, endpoints.single.functionAliasArn);
    });

    it("finds its endpoint in the parameter", async () => {
      const { outputs, resources } = await planStack({ stack: "prod" });

      const text = resources.find(({ inputs }) => inputs.name === prodParameter)?.inputs.insecureValue;
      const consumer = await withParameter(String(text));
      assert.ok(parseContract(outputs).endpoints.breeds?.functionAliasArn);
      assert.equal(
        consumer.outputs.classifierAliasArn,
        parseContract(outputs).endpoints.breeds?.functionAliasArn,
      );
    });
  }).timeout(60_000);

  describe("stops with a clear message", () => {
    const { endpoints: _endpoints, ...withoutEndpoints } = contract;
    const { contractVersion: _version, ...withoutVersion } = contract;
    const outputs: readonly (readonly [string, JsonObject, string])[] = [
      [
        "at another version, even where that has no endpoints any more",
        { ...withoutEndpoints, contractVersion: "2" },
        `Stack ${devStack} publishes version "2" of the outputs contract; this program reads version "1". Bring contract.ts up to the published version first.`,
      ],
      [
        "when the stack publishes no contract",
        withoutVersion,
        `Required output 'contractVersion' does not exist on stack '${devStack}'.`,
      ],
      [
        "when the outputs have no endpoints",
        withoutEndpoints,
        `Required output 'endpoints' does not exist on stack '${devStack}'.`,
      ],
      [
        "when the endpoint is not there, naming those that are",
        { ...contract, endpoints: { multi: {} } },
        `Stack ${devStack} serves no endpoint "single"; it serves multi. Its output "pending" says what waits for what.`,
      ],
      [
        "when nothing is deployed yet",
        { ...contract, endpoints: {} },
        `Stack ${devStack} serves no endpoint "single"; it serves none. Its output "pending" says what waits for what.`,
      ],
      [
        "when the alias's field has another name",
        withEndpoint((entry) => {
          entry.aliasArn = entry.functionAliasArn;
          delete entry.functionAliasArn;
        }),
        `The endpoint "single" of stack ${devStack} has no "functionAliasArn"; an ARN is expected. Either there is no function in front of this endpoint, or the publisher breaks the contract: ask its team.`,
      ],
      [
        "when the policy's field is no ARN",
        withEndpoint((entry) => {
          entry.invokePolicyArn = "single-invoke";
        }),
        `The endpoint "single" of stack ${devStack} has an unusable "invokePolicyArn"; an ARN is expected. Either there is no function in front of this endpoint, or the publisher breaks the contract: ask its team.`,
      ],
    ];
    for (const [when, changed, message] of outputs) {
      it(`${when} (stack)`, async () => {
        await assert.rejects(withOutputs(changed), { name: "ProgramError", message });
      });
    }

    const texts: readonly (readonly [string, string, string])[] = [
      [
        "at another version",
        JSON.stringify({ ...JSON.parse(parameter), contractVersion: "2" }),
        `Parameter ${prodParameter} publishes version "2" of the outputs contract; this program reads version "1". Bring contract.ts up to the published version first.`,
      ],
      [
        "when there is no contract in it",
        "{}",
        `Parameter ${prodParameter} publishes version none of the outputs contract; this program reads version "1". Bring contract.ts up to the published version first.`,
      ],
      [
        "when a field is missing",
        JSON.stringify({ ...JSON.parse(parameter), invokePolicyArn: undefined }),
        `The parameter ${prodParameter} has no "invokePolicyArn"; an ARN is expected. Either there is no function in front of this endpoint, or the publisher breaks the contract: ask its team.`,
      ],
      [
        "when it holds no JSON",
        "arn:aws:lambda",
        `Parameter ${prodParameter} does not hold JSON. Does the setting "source" name the right prefix?`,
      ],
    ];
    for (const [when, text, message] of texts) {
      it(`${when} (parameter)`, async () => {
        await assert.rejects(withParameter(text), { name: "ProgramError", message });
      });
    }

    it("at a source of an unknown kind", async () => {
      const project = loadProject(folder, "dev");
      const config = { ...project.config, "breed-gallery:source": '{"kind":"email"}' };

      await assert.rejects(runProgram({ ...project, config }), {
        message:
          'The setting "source" is {"kind":"email"}; its kind must be "stack", with a name, or "parameter", with a prefix.',
      });
    });
  });
}).timeout(60_000);

describe("the example's fixtures", () => {
  it("are a contract, with no field missing and none that it does not have", () => {
    assert.deepEqual(parseContract(contract), contract);
  });

  it("hold a parameter as the classifier's program writes it", () => {
    const { contractVersion, stack, region, ...entry } = JSON.parse(parameter);

    const whole = parseContract({
      ...contract,
      contractVersion,
      stack,
      region,
      endpoints: { breeds: entry },
    });
    assert.deepEqual(JSON.parse(endpointParameter(whole, "breeds")), JSON.parse(parameter));
  });
});
