import assert from "node:assert/strict";
import { startedJobs } from "./aws/jobs";
import { EngineStack, type Run } from "./support/engine-stack";
import {
  finalAccount,
  finalState,
  goOnThroughKills,
  type Journey,
  oneByOne,
  withoutState,
} from "./support/go-on-through-kills";
import { changesOf, failuresOf } from "./support/operations";
import { servedArtifact } from "./support/serving-stack";
import { digestOf, promote, servingAndJob } from "./support/settings";
import { describeWithEngine, type Engine } from "./support/with-engine";

/**
 * Protects: that a deployment whose engine is killed at any of its calls, between two of them or between a call and its record in
 * the state, can be brought to the end that it has undisturbed: nothing is left that no state knows, and no job is paid for twice.
 *
 * Proves nothing about AWS; which ids are looked up how is taken from the provider's documentation, on both sides.
 */
describeWithEngine("a deployment that is killed", (engine) => {
  const moments = ["before", "after"] as const;
  let undisturbed: Journey & { readonly stack: EngineStack };
  let calls: readonly string[];
  let killed: Readonly<Record<(typeof moments)[number], Journey & { readonly stack: EngineStack }>>;

  before(async function () {
    this.timeout(40 * 60_000);
    const stack = await emptyStack(engine());
    undisturbed = { stack, kills: [], last: await stack.up(oneByOne) };
    calls = callsOf(undisturbed.last);
    // Both at once: each of them waits for its own processes most of the time.
    const [before, after] = await Promise.all(
      moments.map(async (when) => {
        const one = await emptyStack(engine());
        return { stack: one, ...(await goOnThroughKills(one, () => one.up(oneByOne), when)) };
      }),
    );
    if (before === undefined || after === undefined) throw new Error("Both were killed.");
    killed = { before, after };
  });

  for (const when of moments) {
    describe(`${when} each of its calls`, () => {
      it("was killed at every one of them", () => {
        const seen = new Set(killed[when].kills.map(({ call }) => call));

        assert.ok(calls.length > 50, `${calls.length}`);
        assert.deepEqual(
          calls.filter((call) => !seen.has(call)),
          [],
        );
      });

      it("is recovered each time with nothing that the state does not know, but for what AWS makes only once", () => {
        const orphans = killed[when].kills.flatMap((kill) => kill.orphans);

        assert.deepEqual(
          orphans.map((key) => key.split(" ")[0]),
          when === "after" ? ["aws:sns/topicSubscription:TopicSubscription"] : [],
        );
        assert.deepEqual(withoutState(killed[when].stack), []);
      });

      it("comes to the same end as an undisturbed one", () => {
        assert.deepEqual(failuresOf(undisturbed.last), []);
        assert.deepEqual(failuresOf(killed[when].last), []);
        assert.deepEqual(finalAccount(killed[when].stack), finalAccount(undisturbed.stack));
        assert.deepEqual(finalState(killed[when].stack), finalState(undisturbed.stack));
      });

      it("starts each job once", () => {
        assert.deepEqual(startedJobs(killed[when].stack.account()), startedJobs(undisturbed.stack.account()));
        assert.equal(startedJobs(undisturbed.stack.account()).length, 1);
      });

      it("leaves nothing to do", async () => {
        const preview = await killed[when].stack.preview({ args: ["--refresh", "--expect-no-changes"] });

        assert.deepEqual(changesOf(preview), []);
        assert.equal(preview.status, 0, preview.stderr);
      });
    });
  }

  describe("as it promotes another model", () => {
    it("serves that model in the end, and keeps what SageMaker may go back to", async () => {
      const promotion = async (one: EngineStack, operation: () => Promise<Journey>) => {
        one.configure((settings) => promote(settings, "d"));
        return operation();
      };
      const { stack } = undisturbed;
      const alone = await promotion(stack, async () => ({ kills: [], last: await stack.up(oneByOne) }));

      const journeys = await Promise.all(
        moments.map((when) => {
          const one = killed[when].stack;
          return promotion(one, () => goOnThroughKills(one, () => one.up(oneByOne), when));
        }),
      );

      assert.deepEqual(failuresOf(alone.last), []);
      for (const [index, when] of moments.entries()) {
        const one = killed[when].stack;
        const journey = journeys[index] as Journey;
        assert.ok(journey.kills.length >= 5, `${journey.kills.length}`);
        assert.deepEqual(failuresOf(journey.last), []);
        assert.match(servedArtifact(one) ?? "", new RegExp(`/models/${digestOf("d")}/model\\.tar\\.gz$`));
        assert.deepEqual(finalAccount(one), finalAccount(stack));
        assert.deepEqual(finalState(one), finalState(stack));
        assert.equal(startedJobs(one.account()).length, 1);
      }
    });
  });

  describe("as it is destroyed", () => {
    it("leaves what is retained and nothing else", async () => {
      const { stack } = undisturbed;
      const destroyed = await stack.destroy(oneByOne);
      assert.deepEqual(failuresOf(destroyed), []);
      const retained = finalAccount(stack);
      const types = Object.values(stack.account().objects).map(({ type }) => type);
      assert.deepEqual([...new Set(types)].sort(), [
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "aws:sagemaker/model:Model",
      ]);

      const journeys = await Promise.all(
        moments.map((when) => {
          const one = killed[when].stack;
          return goOnThroughKills(one, () => destroyAtOnce(one), when, 6);
        }),
      );

      for (const [index, when] of moments.entries()) {
        const one = killed[when].stack;
        const journey = journeys[index] as Journey;
        assert.ok(journey.kills.length > 5, `${journey.kills.length}`);
        assert.deepEqual(failuresOf(journey.last), []);
        assert.deepEqual(finalAccount(one), retained);
        assert.deepEqual(one.state(), []);
      }
    });
  });
});

/** As a kill names what was pending; what has no provider makes no call. */
function callsOf({ operations }: Run): string[] {
  return operations
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ urn }) => `creating ${urn.split("::").slice(2).join("::")}`);
}

async function emptyStack({ cli, keep }: Engine): Promise<EngineStack> {
  const stack = keep(await EngineStack.ofProject(cli, "dev", servingAndJob));
  return stack;
}

function destroyAtOnce(stack: EngineStack): Promise<Run> {
  return stack.destroy({ args: [...oneByOne.args, "--skip-preview"] });
}
