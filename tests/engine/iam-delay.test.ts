import assert from "node:assert/strict";
import { projectRoot } from "../../cli/core/project-root";
import { loadProject } from "../../plan/load-project";
import type { RecordedResource } from "../../plan/recorded";
import { runProgram } from "../../plan/run-program";
import { rawStack } from "../support/raw-config";
import { flatOf } from "./blast-radius/samples";
import { EngineStack } from "./support/engine-stack";
import { failuresOf } from "./support/operations";
import { ofType } from "./support/serving-stack";
import { everythingDue, servingAlone } from "./support/settings";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that a first deployment does not fail because IAM is slow (https://github.com/pulumi/pulumi-aws/issues/673). The program's
 * part: what takes on a role waits for the role's permissions, and a notebook, whose creation the provider does not repeat, is tried again,
 * for a bounded time and for this error alone. The provider's part, two minutes for everything else, is simulated as its source has it.
 *
 * The clock is simulated, and the program's own seconds are cut down: no test waits for a minute.
 */
describe("what takes on a role", () => {
  for (const stack of ["dev", "staging", "prod"] as const) {
    it(`waits for the role's permissions in ${stack}`, async () => {
      const settings = rawStack(stack);
      everythingDue(settings);
      const project = loadProject(projectRoot, stack);
      const { resources } = await runProgram({ ...project, config: flatOf(settings) });
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");

      assert.ok(roles.length > 3, `only ${roles.length} roles`);
      for (const role of roles) {
        const permissions = resources.filter(
          (one) => /^aws:iam\/rolePolicy/.test(one.type) && uses(one, role),
        );
        const takers = takersOf(role, resources);
        assert.ok(permissions.length > 0, `${role.name} has no permissions`);
        assert.ok(takers.length > 0, `nothing takes ${role.name} on`);
        assert.deepEqual(
          takers.flatMap((taker) =>
            permissions
              .filter((permission) => !uses(taker, permission))
              .map(({ name }) => `${taker.name} does not wait for ${name}`),
          ),
          [],
        );
      }
    }).timeout(120_000);
  }
});

describeWithEngine("a deployment while IAM is slow", (engine) => {
  const notebookType = "aws:sagemaker/notebookInstance:NotebookInstance";
  let stack: EngineStack;

  before(async () => {
    const { cli, keep } = engine();
    stack = keep(await EngineStack.ofProject(cli, "dev", notebookAlone));
    const shorter = `secondMilliseconds = ${millisecondsPerSecond}`;
    stack.edit("infra/rules/role-retry.ts", "secondMilliseconds = 1000", shorter);
  });

  it("gives up on a role that is not there, within the bound", async () => {
    const wrong = engine().keep(stack.fork());
    wrong.edit(
      "infra/components/notebook.ts",
      "roleArn: role.arn",
      "roleArn: pulumi.interpolate`${role.arn}-gone`",
    );
    wrong.setFaults({ clock: clock() });

    const up = await wrong.up();

    assert.notEqual(up.status, 0);
    assert.match(up.errors.join("\n"), /Could not assume role arn:aws:iam::\d+:role\/\S+-gone/);
    const attempts = outcomes(wrong, notebookType);
    assert.deepEqual(attempts, Array(11).fill("ValidationException"));
  });

  it("does not try anything else again", async () => {
    const misnamed = engine().keep(stack.fork());
    misnamed.edit("infra/components/notebook.ts", "name: notebookName,", "name: `${notebookName}_`,");
    misnamed.setFaults({ clock: clock() });

    const up = await misnamed.up();

    assert.notEqual(up.status, 0);
    assert.deepEqual(outcomes(misnamed, notebookType), ["ValidationException"]);
  });

  it("makes a notebook once its role is known, after 60 s", async () => {
    stack.setFaults({ iamDelaySeconds: 60, clock: clock() });

    const up = await stack.up();

    assert.deepEqual(failuresOf(up), []);
    assert.equal(up.status, 0, up.stderr);
    const attempts = outcomes(stack, notebookType);
    assert.ok(attempts.length > 1 && attempts.length <= 11, attempts.join());
    assert.deepEqual([...new Set(attempts)], ["ValidationException", "ok"]);
    assert.equal(ofType(stack, notebookType).length, 1);
  });

  it("makes model, endpoint and function, whose roles the provider waits for, once", async () => {
    stack.restore(servingAlone);
    stack.setFaults({ iamDelaySeconds: 60 });

    const up = await stack.up();

    assert.deepEqual(failuresOf(up), []);
    for (const type of ["model:Model", "endpoint:Endpoint"])
      assert.deepEqual(outcomes(stack, `aws:sagemaker/${type}`), ["ok"]);
    assert.deepEqual(outcomes(stack, "aws:lambda/function:Function"), ["ok"]);
  });
});

/** Real milliseconds of a simulated second. */
const millisecondsPerSecond = 25;

function clock() {
  return { startedAtMs: Date.now(), millisecondsPerSecond };
}

/** What became of each attempt to make one of this type. */
function outcomes(stack: EngineStack, type: string): string[] {
  return stack
    .account()
    .journal.filter((call) => call.type === type && call.operation === "create")
    .map(({ outcome }) => outcome);
}

function uses({ dependencies }: RecordedResource, { urn }: RecordedResource): boolean {
  return dependencies.includes(urn);
}

/** What AWS lets act as the role, by itself or by way of an instance profile. */
function takersOf(role: RecordedResource, resources: readonly RecordedResource[]): RecordedResource[] {
  const profiles = resources.filter(({ type }) => type === "aws:iam/instanceProfile:InstanceProfile");
  const held = [role, ...profiles.filter((profile) => uses(profile, role))];
  return resources.filter(
    (one) =>
      one.custom &&
      !one.type.startsWith("aws:iam/") &&
      roleInputs.some((key) => key in one.inputs) &&
      held.some((of) => uses(one, of)),
  );
}

/** Inputs by which a resource is given a role or a profile. */
const roleInputs = [
  "role",
  "roleArn",
  "executionRoleArn",
  "iamRoleArn",
  "iamInstanceProfile",
  "trainingJobDefinition",
  "target",
];

/** Nothing else whose creation would let time pass. */
function notebookAlone(settings: StackSettings): void {
  const { notebook } = settings;
  servingAlone(settings);
  delete settings.endpoints;
  settings.notebook = notebook;
}
