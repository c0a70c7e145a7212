import assert from "node:assert/strict";
import fc from "fast-check";
import type { Input } from "../../cli/core/invoke/inputs";
import { type Exchange, outcomeOf, percentile } from "../../cli/core/invoke/outcome";
import { progressOn } from "../../cli/core/invoke/progress";
import { invokeText } from "../../cli/core/invoke/report";
import { sendAll } from "../../cli/core/invoke/send-all";
import { layoutOf } from "../../plan/report/layout";

const input = (name: string): Input => ({ kind: "url", name });

function answered(name: string, milliseconds: number, label = "Collie", modelSha256?: string): Exchange {
  const labels = [
    { index: 1, label, probability: 0.7 },
    { index: 0, label: "Beagle", probability: 0.25 },
  ];
  return { input: input(name), milliseconds, reply: { kind: "answered", labels, modelSha256 } };
}

function failed(
  name: string,
  code = "throttled",
  flags: { stops?: boolean; unreachable?: boolean } = {},
): Exchange {
  const failure = {
    code,
    cause: "The endpoint is overloaded.",
    next: "Lower --concurrency, or raise its capacity.",
    stops: flags.stops ?? false,
    unreachable: flags.unreachable ?? false,
  };
  return { input: input(name), milliseconds: 1, reply: { kind: "failed", failure } };
}

function outcome(exchanges: readonly Exchange[], requests = exchanges.length) {
  return outcomeOf(exchanges, { requests, milliseconds: 1000 });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const colours = /\u001b\[\d+m/g;

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

  it("sends nothing after a failure that all would meet", async () => {
    const target = { send: async ({ name }: Input) => failed(name, "no-credentials", { stops: true }).reply };

    const result = await sendAll(target, { inputs: [input("a")], repeat: 100, concurrency: 1 });

    assert.deepEqual([result.requests, result.notSent], [1, 99]);
  });
});

describe("the report of invoke", () => {
  const load = { repeat: 2, concurrency: 4 };
  const target = { kind: "endpoint", title: "endpoint sagemaker-ops-dev-single" } as const;
  const long = `test/001.Affenpinscher/${"Affenpinscher_".repeat(8)}00023.jpg`;
  const many = outcome(
    [
      answered(long, 12.34, `${"Nova_Scotia_".repeat(5)}retriever`, "ab".repeat(32)),
      answered("b.jpg", 12_345),
      failed("c.jpg"),
    ],
    5,
  );

  it("shows a table at 60 columns", () => {
    assert.equal(
      invokeText({ target, load, outcome: many }, layoutOf(60, false)),
      `3 requests to endpoint sagemaker-ops-dev-single
model abababababab…

image                  label                   prob.    time
test/001.A…_00023.jpg  Nova_Scoti…retriever   70.0 %   12 ms
                       Beagle                 25.0 %
b.jpg                  Collie                 70.0 %  12.3 s
                       Beagle                 25.0 %
c.jpg                  failed

latency
  p50 12 ms   p90 12.3 s   p99 12.3 s   max 12.3 s
  2 answers, 4 at once, 2.0 per second

1 of 3 requests failed
  1 x throttled: The endpoint is overloaded.
    Lower --concurrency, or raise its capacity.
    c.jpg

2 further requests were not sent, as they would have failed
alike.
`,
    );
  });

  for (const width of [60, 80, 120, 140]) {
    it(`keeps within ${width} columns, with colours and without, and says the same`, () => {
      for (const result of [many, outcome([answered(long, 5, "x".repeat(200))]), outcome([failed(long)])]) {
        const plain = invokeText({ target, load, outcome: result }, layoutOf(width, false));
        const coloured = invokeText({ target, load, outcome: result }, layoutOf(width, true));

        assert.deepEqual(
          plain.split("\n").filter((line) => line.length > width),
          [],
        );
        assert.equal(coloured.replace(colours, ""), plain);
        assert.notEqual(coloured, plain);
      }
    });
  }

  it("lets no name steer the terminal", () => {
    const steering = outcome([answered("a\u001b[2J.jpg", 5, "\u001b]0;x\u0007"), failed("b\u001b[2J")]);

    for (const result of [steering, outcome([answered("\u001b[2J", 5, "\u001b[2J")])])
      assert.doesNotMatch(
        invokeText({ target, load, outcome: result }, layoutOf(80, false)).replaceAll("\n", ""),
        /\p{Cc}/u,
      );
  });

  it("tells what failed, what to do, and what was not sent", () => {
    const text = invokeText({ target, load, outcome: many }, layoutOf(120, false));

    assert.match(
      text,
      /\n1 of 3 requests failed\n {2}1 x throttled: The endpoint is overloaded\.\n {4}Lower --concurrency/,
    );
    assert.match(text, /\n2 further requests were not sent, as they would have failed alike\.\n$/);
  });
});

describe("progressOn", () => {
  const written = (isTTY: boolean, all: number) => {
    const texts: string[] = [];
    const tell = progressOn({ isTTY, write: (text: string) => texts.push(text) > 0 });
    for (let done = 1; done <= all; done++) tell(done, all);
    return texts;
  };

  it("writes one line over on a terminal, and leaves none behind", () => {
    assert.deepEqual(written(true, 3), ["\r1 of 3 (33 %)\u001b[K", "\r2 of 3 (66 %)\u001b[K", "\r\u001b[K"]);
  });

  it("writes once for each percent of a long run", () => {
    assert.equal(written(true, 1000).length, 101);
  });

  it("writes a line for each tenth elsewhere, of long runs only", () => {
    assert.deepEqual(
      [written(false, 200).length, written(false, 200)[0], written(false, 19), written(true, 1)],
      [10, "20 of 200 (10 %)\n", [], []],
    );
  });
});
