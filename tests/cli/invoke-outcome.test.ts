import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { Input } from "../../cli/core/invoke/inputs";
import { percentile } from "../../cli/core/invoke/outcome";
import type { Reply } from "../../cli/core/invoke/reply";
import { sendAll } from "../../cli/core/invoke/send-all";
import { interruptible } from "../../cli/core/operate/interruption";
import { answered, failed, input, outcome } from "./invoke-exchanges";

describe("percentile", () => {
  it("is a value that was measured, which no fewer than that share is at or below", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

    assert.deepEqual(
      [50, 90, 99, 100].map((percent) => percentile(hundred, percent)),
      [50, 90, 99, 100],
    );
    assert.deepEqual(
      [50, 90, 99, 100].map((percent) => percentile([7, 9], percent)),
      [7, 9, 9, 9],
    );
    assert.equal(percentile([], 50), undefined);
  });

  it("is the smallest such value, of any values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const sorted = values.sort((a, b) => a - b);
          const found = percentile(sorted, percent) ?? Number.NaN;
          const atOrBelow = sorted.filter((value) => value <= found).length;
          const below = sorted.filter((value) => value < found).length;

          assert.ok(atOrBelow * 100 >= percent * sorted.length && below * 100 < percent * sorted.length);
        },
      ),
    );
  });
});

describe("outcomeOf", () => {
  it("takes latency from answers alone, and groups failures by what they tell", () => {
    const result = outcome([
      answered("a", 10, "Collie", "dd"),
      answered("b", 30, "Collie", "cc"),
      failed("a"),
      failed("b", "timeout"),
      failed("c", "timeout"),
      answered("a", 20, "Poodle", "dd"),
    ]);

    assert.deepEqual(result.latency, { p50: 20, p90: 30, p99: 30, max: 30 });
    assert.deepEqual([result.requests, result.answered, result.failed, result.perSecond], [6, 3, 3, 3]);
    assert.deepEqual(result.models, ["cc", "dd"]);
    assert.deepEqual(
      result.inputs.map(({ name, answered: count, failed: none, labels, milliseconds }) => [
        ...[name, count, none, labels[0]?.label, milliseconds],
      ]),
      [
        ["a", 2, 1, "Collie", 10],
        ["b", 1, 1, "Collie", 30],
        ["c", 0, 1, undefined, undefined],
      ],
    );
    assert.deepEqual(
      result.failures.map(({ code, requests, inputs }) => [code, requests, inputs]),
      [
        ["timeout", 2, ["b", "c"]],
        ["throttled", 1, ["a"]],
      ],
    );
  });

  it("tells the ninth of ten, and not a later one, for the 90th percentile", () => {
    const latencies = Array.from({ length: 20 }, (_, index) => index + 1);

    assert.deepEqual(outcome(latencies.map((milliseconds) => answered("a", milliseconds))).latency, {
      p50: 10,
      p90: 18,
      p99: 20,
      max: 20,
    });
  });

  it("names three of the inputs that a failure hit", () => {
    const [group] = outcome(["a", "b", "c", "d"].map((name) => failed(name))).failures;

    assert.deepEqual([group?.requests, group?.inputs], [4, ["a", "b", "c"]]);
  });

  it("ends with 0, 1 or 3", () => {
    assert.deepEqual(
      [
        [answered("a", 1)],
        [answered("a", 1), failed("b")],
        [answered("a", 1), failed("b", "x", { unreachable: true })],
      ].map((exchanges) => outcome(exchanges).status),
      [0, 1, 3],
    );
  });
});

describe("sendAll", () => {
  it("keeps as many requests on their way as told, and no more, in the order of the inputs", async () => {
    let now = 0;
    let most = 0;
    const sent: string[] = [];
    const told: string[] = [];
    const target = {
      send: async ({ name }: Input) => {
        sent.push(name);
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return answered(name, 1).reply;
      },
    };

    const result = await sendAll(
      target,
      { inputs: ["a", "b", "c"].map(input), repeat: 3, concurrency: 4 },
      (done, all) => told.push(`${done}/${all}`),
    );

    assert.deepEqual([most, sent.join(""), result.answered], [4, "abcabcabc", 9]);
    assert.deepEqual(told, ["1/9", "2/9", "3/9", "4/9", "5/9", "6/9", "7/9", "8/9", "9/9"]);
    assert.deepEqual(
      result.inputs.map(({ name, answered: count }) => [name, count]),
      [
        ["a", 3],
        ["b", 3],
        ["c", 3],
      ],
    );
  });

  it("brings the answers into the order of the requests", async () => {
    const target = {
      send: async ({ name }: Input) => {
        if (name === "slow") await new Promise((resolve) => setTimeout(resolve, 20));
        return answered(name, 1).reply;
      },
    };

    const { inputs } = await sendAll(target, {
      inputs: ["slow", "quick"].map(input),
      repeat: 1,
      concurrency: 2,
    });

    assert.deepEqual(
      inputs.map(({ name }) => name),
      ["slow", "quick"],
    );
  });

  it("counts no answer that comes after an interruption, and sends nothing after it", async () => {
    const sent: string[] = [];
    const told: number[] = [];
    let interrupt = () => {};
    let answer = () => {};
    const target = {
      send: ({ name }: Input) => {
        sent.push(name);
        if (sent.length === 1) return Promise.resolve(answered(name, 1).reply);
        setImmediate(() => interrupt());
        return new Promise<Reply>((resolve) => {
          answer = () => resolve(answered(name, 1).reply);
        });
      },
    };
    const interruption = interruptible({
      onInterrupt: (interrupted) => {
        interrupt = () => interrupted("SIGINT");
        return () => {};
      },
    });

    const load = { inputs: [input("a")], repeat: 9, concurrency: 1 };
    const result = await sendAll(target, load, (done) => told.push(done), interruption);
    answer();
    await new Promise((resolve) => setImmediate(resolve));

    assert.deepEqual(
      [result.requests, result.notSent, result.interrupted, result.status],
      [1, 8, "SIGINT", 130],
    );
    assert.deepEqual([sent, told], [["a", "a"], [1]]);
  });

  it("sends nothing after a failure that all would meet", async () => {
    const target = { send: async ({ name }: Input) => failed(name, "no-credentials", { stops: true }).reply };

    const result = await sendAll(target, { inputs: [input("a")], repeat: 100, concurrency: 1 });

    assert.deepEqual([result.requests, result.notSent], [1, 99]);
  });
});
