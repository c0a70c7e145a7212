import assert from "node:assert/strict";
import { rules } from "../../policy/rules";
import { EngineStack, type Run } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { everythingDue } from "./support/settings";
import { describeWithEngine, type Engine } from "./support/with-engine";

/**
 * Protects: that each committed stack can be made on an empty account with the pack in force, that an unchanged program changes
 * nothing, and that what `destroy` leaves behind is what the program declares as retained.
 *
 * Does not prove that AWS takes the same inputs; its name rules, order of deletion and concurrency limits are simulated.
 */
const mandatory = new Set(rules.filter(({ level }) => level === "mandatory").map(({ id }) => id));

interface Life {
  readonly stack: EngineStack;
  /** Preview of the empty account. Elsewhere than in dev the roles name the stack's key, which has no id before it is made. */
  readonly unmade: Run | undefined;
  readonly first: Run;
  readonly second: Run;
  readonly preview: Run;
}

describeWithEngine("the life of a stack", (engine) => {
  const names = ["dev", "staging", "prod"];
  let lives: Readonly<Record<string, Life>>;

  before(async function () {
    this.timeout(30 * 60_000);
    // All at once: a run seldom keeps a whole core busy.
    lives = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await begun(engine(), name)] as const)),
    );
  });

  for (const name of names) {
    describe(name, () => {
      let stack: EngineStack;
      let unmade: Run | undefined;
      let first: Run;
      let second: Run;
      let preview: Run;

      before(() => {
        ({ stack, unmade, first, second, preview } = lives[name] as Life);
      });

      if (name === "dev") {
        it("leaves no mandatory rule undecided in the preview of an empty account", () => {
          const undecided = unmade?.findings.filter(
            ({ policy, message }) => mandatory.has(policy) && /Not decided:|can't run policy/.test(message),
          );

          assert.deepEqual(
            undecided?.map(({ policy, urn }) => `${policy} on ${urn.split("::").at(-1)}`),
            [],
          );
          assert.equal(unmade?.status, 0, unmade?.stderr);
        });
      }

      it("is made in one go, and the pack blocks nothing", () => {
        assert.deepEqual(failuresOf(first), []);
        assert.equal(first.status, 0, first.stderr);
        assert.deepEqual(
          first.findings.filter(({ level }) => level === "mandatory"),
          [],
        );
        assert.deepEqual([...new Set(first.operations.map(({ op }) => op))], ["create"]);
      });

      it("serves its models", () => {
        const endpoints = Object.values(stack.account().objects).filter(
          ({ type }) => type === "aws:sagemaker/endpoint:Endpoint",
        );

        assert.ok(endpoints.length > 0);
        for (const { live } of endpoints) assert.deepEqual(live.states, ["Creating", "InService"]);
      });

      it("changes nothing when it is deployed again", () => {
        assert.deepEqual(changesOf(second), []);
        assert.equal(second.status, 0, second.stderr);
      });

      it("shows no change in a preview that asks AWS first", () => {
        assert.deepEqual(changesOf(preview), []);
        assert.equal(preview.status, 0, preview.stderr);
      });

      if (name !== "dev") {
        it("is not destroyed while its data and endpoints are protected", async () => {
          const objects = Object.keys(stack.account().objects);

          const refused = await stack.destroy();

          assert.notEqual(refused.status, 0);
          assert.match(refused.errors.join("\n"), /because it is protected/);
          assert.deepEqual(Object.keys(stack.account().objects), objects);
        });
      }
      if (name === "prod") {
        it("is destroyed once it is deployed with leave to, and keeps what SageMaker may go back to", async () => {
          stack.configure((settings) => {
            settings.removal = { kind: "destroy", reason: "The environment is given up, with its data" };
          });

          const allowed = await stack.up();
          const destroyed = await stack.destroy();

          assert.deepEqual([...failuresOf(allowed), ...failuresOf(destroyed)], []);
          const left = Object.values(stack.account().objects).map(({ type }) => type);
          assert.deepEqual([...new Set(left)].sort(), [
            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            "aws:sagemaker/model:Model",
          ]);
        });
      }
      if (name === "dev") {
        it("leaves what is declared as retained when it is destroyed", async () => {
          const retained = stack.state().filter(({ retainOnDelete }) => retainOnDelete === true);
          // A bucket that goes takes along what lies in it.
          const kept = retained.filter(({ type }) => type !== "aws:s3/bucketObjectv2:BucketObjectv2");

          const destroyed = await stack.destroy();

          assert.deepEqual(failuresOf(destroyed), []);
          assert.equal(destroyed.status, 0, destroyed.stderr);
          assert.deepEqual(
            Object.keys(stack.account().objects).sort(),
            kept.map(({ type, id }) => `${type} ${id}`).sort(),
          );
          assert.deepEqual(stack.state(), []);
        });
      }
    });
  }
});

async function begun({ cli, keep }: Engine, name: string): Promise<Life> {
  const stack = keep(await EngineStack.ofProject(cli, name, everythingDue));
  return {
    stack,
    unmade: name === "dev" ? await stack.preview({ pack: true }) : undefined,
    first: await stack.up({ pack: true }),
    second: await stack.up({ args: ["--expect-no-changes"] }),
    preview: await stack.preview({ pack: true, args: ["--refresh", "--expect-no-changes"] }),
  };
}
