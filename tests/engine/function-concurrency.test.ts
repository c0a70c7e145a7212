import assert from "node:assert/strict";
import type { EngineStack } from "./support/engine-stack";
import { changesOf, failuresOf } from "./support/operations";
import { ofType, servingStack } from "./support/serving-stack";
import type { StackSettings } from "./support/stack-settings";
import { describeWithEngine } from "./support/with-engine";

/**
 * Protects: that the order in which one deployment changes a function, its alias and what is kept ready on it does not fail half-way for
 * what AWS refuses meanwhile, or fails before anything has changed and can be done in two. What AWS refuses is simulated, in words that
 * others have met.
 */
describeWithEngine("a change of a function's concurrency", (engine) => {
  const provisionedType = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
  const functionType = "aws:lambda/function:Function";
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await servingStack(engine());
  });

  it("with a new version waits until Lambda has moved the alias", async () => {
    // No test waits for a minute: the program's seconds are cut down, and the account's follow.
    const secondMilliseconds = 25;
    const shorter = `secondMilliseconds = ${secondMilliseconds}`;
    stack.edit("infra/rules/weights-retry.ts", "secondMilliseconds = 1000", shorter);
    stack.setFaults({ clock: { startedAtMs: Date.now(), millisecondsPerSecond: secondMilliseconds } });
    configure({ memoryMiB: 1024, provisionedConcurrency: { kind: "fixed", count: 4 } });

    const up = await stack.up();

    assert.deepEqual(failuresOf(up), []);
    assert.deepEqual(
      changesOf(up).filter((change) => change.startsWith("update single")),
      ["update single-alias", "update single-function", "update single-provisioned-config"],
    );
    const outcomes = stack
      .account()
      .journal.filter(({ type, operation }) => type === provisionedType && operation === "update")
      .map(({ outcome }) => outcome);
    assert.ok(outcomes.length > 1, outcomes.join());
    assert.deepEqual([...new Set(outcomes)], ["InvalidParameterValueException", "ok"]);
    assert.deepEqual(concurrency(), [5, 4]);
  });

  it("to less of both is refused with nothing changed, and goes in two steps", async () => {
    assert.deepEqual(concurrency(), [5, 3]);
    configure({ reservedConcurrency: 2, provisionedConcurrency: { kind: "fixed", count: 1 } });

    const refused = await stack.up();

    assert.notEqual(refused.status, 0);
    assert.match(
      refused.errors.join("\n"),
      /2 should not be lower than .* total provisioned concurrency \[3\]/,
    );
    assert.deepEqual(concurrency(), [5, 3]);

    configure({ reservedConcurrency: 5 });
    assert.deepEqual(failuresOf(await stack.up()), []);
    configure({ reservedConcurrency: 2 });
    assert.deepEqual(failuresOf(await stack.up()), []);
    assert.deepEqual(concurrency(), [2, 1]);
  });

  /** What AWS has: reserved, and kept ready. */
  function concurrency(): unknown[] {
    return [
      ofType(stack, functionType)[0]?.properties.reservedConcurrentExecutions,
      ofType(stack, provisionedType)[0]?.properties.provisionedConcurrentExecutions,
    ];
  }

  function configure(change: StackSettings): void {
    stack.configure(({ endpoints }) => {
      const { single } = endpoints as { single: { function: StackSettings } };
      Object.assign(single.function, change);
    });
  }
});
