import assert from "node:assert/strict";
import { loadProject } from "../../plan/load-project";
import { type Changes, deploy } from "./blast-radius/what-changes";
import { EngineStack, type Run } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { endpointOf, ofType, servedArtifact } from "./support/serving-stack";
import { servingAlone } from "./support/settings";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that an ordinary change touches what it must and nothing else: alarms, rollout, concurrency, code, image and user data of the
 * training box, and the instance type of a fleet that is scaled. With it docs/blast-radius.md: what that page computes without an engine
 * is held against the engine for some of its rows.
 *
 * Does not prove what AWS does meanwhile; that it refuses another instance type while a fleet is registered is simulated.
 */
describeWithEngine("a change of a deployed stack", (engine) => {
  let deployed: EngineStack;
  const changed = (change: (settings: StackSettings) => void) => {
    const stack = engine().keep(deployed.fork());
    stack.configure(change);
    return stack;
  };

  before(async () => {
    const { cli, keep } = engine();
    deployed = keep(await EngineStack.ofProject(cli, "dev", twoInstancesAndBox));
    assert.deepEqual(failuresOf(await deployed.up()), []);
  });

  it("of alarm, rollout and concurrency updates these in place, and publishes no version", async () => {
    const stack = changed((settings) => {
      edit(settings, ({ endpoint, serving, fn }) => {
        endpoint.alarms = { p99LatencyMilliseconds: 1500 };
        serving.rollout = { kind: "canary", percent: 50 };
        fn.reservedConcurrency = 9;
        fn.provisionedConcurrency = { kind: "fixed", count: 4 };
      });
    });

    const up = await stack.up();

    assert.deepEqual(failuresOf(up), []);
    assert.deepEqual(changesOf(up), [
      "update contract-contract",
      "update single-endpoint",
      "update single-function",
      "update single-latency",
      "update single-provisioned-config",
    ]);
    assert.deepEqual(summary(up), await computed(deployed, stack));
    // The endpoint keeps its configuration, so that no new fleet is started.
    assert.deepEqual(endpointOf(stack).live.states, ["Creating", "InService"]);
    assert.deepEqual(ofType(stack, "aws:lambda/function:Function")[0]?.live.versions, ["1"]);
  });

  it("of the function's code moves the alias, and a new image or user data leaves the box alone", async () => {
    const stack = changed(() => {});
    stack.edit("lambda/invoke/core.ts", "export ", "export const edited = globalThis.name;\nexport ");
    stack.edit(
      "lambda/invoke/handler.ts",
      "export ",
      'import { edited } from "./core";\nconsole.log(edited);\nexport ',
    );
    stack.edit("infra/rules/box-user-data.ts", "systemctl daemon-reload", "systemctl daemon-reload # edited");
    stack.setFaults({ lookups: { "aws:ssm/getParameter:getParameter": image("ami-0fedcba9876543210") } });
    const [box] = ofType(stack, "aws:ec2/instance:Instance");

    const up = await stack.up();

    assert.deepEqual(failuresOf(up), []);
    assert.deepEqual(changesOf(up), [
      "update contract-contract",
      "update single-alias",
      "update single-function",
    ]);
    assert.deepEqual(ofType(stack, "aws:ec2/instance:Instance"), [box]);
    const { amiPinned, amiLatest } = stack.outputs().trainingBox as { amiPinned: string; amiLatest: string };
    assert.deepEqual([amiPinned, amiLatest], [box?.properties.ami, "ami-0fedcba9876543210"]);
    assert.equal(ofType(stack, "aws:lambda/alias:Alias")[0]?.properties.functionVersion, "2");
    assert.equal(
      ofType(stack, "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig").length,
      1,
    );
  });

  it("of the instance type is refused by AWS while the fleet scales, loses nothing, and goes by way of a fixed one", async () => {
    const toXlarge = (settings: StackSettings) =>
      edit(settings, ({ serving }) => {
        serving.instanceType = "ml.m5.xlarge";
      });
    const stack = changed(toXlarge);
    const before = servedArtifact(stack);

    const refused = await stack.up();

    assert.notEqual(refused.status, 0);
    assert.match(
      refused.errors.join("\n"),
      /must be deregistered as scalable target before the instance type changes/,
    );
    assert.equal(endpointOf(stack).live.status, "InService");
    assert.deepEqual(instanceTypes(stack), ["ml.m5.large"]);
    assert.equal(servedArtifact(stack), before);

    stack.configure((settings) =>
      edit(settings, ({ serving }) => {
        serving.instanceType = "ml.m5.large";
        serving.scaling = { kind: "fixed" };
      }),
    );
    assert.deepEqual(failuresOf(await stack.up()), []);
    stack.restore((settings) => {
      twoInstancesAndBox(settings);
      toXlarge(settings);
    });
    const back = await stack.up();

    assert.deepEqual(failuresOf(back), []);
    assert.deepEqual(instanceTypes(stack), ["ml.m5.xlarge"]);
    assert.equal(ofType(stack, "aws:appautoscaling/target:Target").length, 1);
    assert.ok((endpointOf(stack).live.counts as number[]).slice(1).every((count) => count >= 2));
  });

  it("of isolation and image makes model, configuration and box anew, as docs/blast-radius.md has it", async () => {
    const stack = changed((settings) => {
      edit(settings, ({ endpoint }) => {
        endpoint.isolation = { kind: "open", reason: "Only this test reads it" };
      });
      settings.trainingBox = {
        ...(settings.trainingBox as StackSettings),
        ami: { kind: "id", amiId: "ami-0fedcba9876543210" },
      };
    });

    const preview = await stack.preview();

    assert.deepEqual(failuresOf(preview), []);
    assert.deepEqual(summary(preview).replaced, ["single-config", "single-model", "training-box"]);
    assert.deepEqual(summary(preview), await computed(deployed, stack));
  });

  it("that takes the function away and moves the contract removes what stood on it, as docs/blast-radius.md has it", async () => {
    const stack = changed((settings) => {
      settings.contract = { parameterPrefix: "/elsewhere" };
      edit(settings, ({ endpoint }) => {
        endpoint.function = { kind: "none", reason: "Only this test reads it" };
      });
    });

    const preview = await stack.preview();

    assert.deepEqual(failuresOf(preview), []);
    assert.deepEqual(summary(preview).replaced, ["contract-contract", "contract-single"]);
    assert.ok(summary(preview).deleted.includes("single-alias"));
    assert.deepEqual(summary(preview), await computed(deployed, stack));
  });
});

/** Two instances, so that every kind of rollout is possible, and the box beside the endpoint. */
function twoInstancesAndBox(settings: StackSettings): void {
  const { trainingBox } = settings;
  servingAlone(settings);
  settings.trainingBox = trainingBox;
  edit(settings, ({ serving }) => {
    Object.assign(serving, {
      initialCount: 2,
      scaling: { kind: "invocations", min: 2, max: 4, maxRequestsPerSecond: 10 },
    });
  });
}

interface Sections {
  readonly endpoint: StackSettings;
  readonly serving: StackSettings;
  readonly fn: StackSettings;
}

function edit({ endpoints }: StackSettings, change: (sections: Sections) => void): void {
  const { single: endpoint } = endpoints as { single: StackSettings };
  change({ endpoint, serving: endpoint.serving as StackSettings, fn: endpoint.function as StackSettings });
}

function image(value: string) {
  return { value, insecureValue: value };
}

function instanceTypes(stack: EngineStack): string[] {
  const fleet = endpointOf(stack).live.fleet as { instanceType: string }[];
  return fleet.map(({ instanceType }) => instanceType);
}

/** What the engine does, in the words of the page. */
function summary({ operations }: Run): Changes {
  const named = (...ops: string[]) =>
    operations
      // Components have no provider, and the page does not list them.
      .filter(({ op, type }) => ops.includes(op) && !/^(mlops|pulumi):/.test(type))
      .map(({ name }) => name)
      .sort();
  return {
    replaced: named("replace"),
    updated: named("update"),
    made: named("create"),
    deleted: named("delete"),
    refused: [],
  };
}

/** What the page would say of the same change. */
async function computed(before: EngineStack, after: EngineStack): Promise<Changes> {
  const config = (stack: EngineStack) => loadProject(stack.path("."), stack.stack).config;
  const { deployment } = await deploy("dev", config(before));
  return (await deploy("dev", config(after), deployment)).changes;
}
