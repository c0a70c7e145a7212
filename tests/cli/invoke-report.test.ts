import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { outcomeOf } from "../../cli/core/invoke/outcome";
import { progressOn } from "../../cli/core/invoke/progress";
import { invokeJson, invokeText } from "../../cli/core/invoke/report";
import { layoutOf } from "../../plan/report/layout";
import { answered, failed, outcome } from "./invoke-exchanges";

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const colours = /\u001b\[\d+m/g;

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

  it("lets nothing that a service said steer the terminal", () => {
    const steering = failed("a", "x\u001b[2J", { cause: "\u009bA \u001b[2J." });

    assert.match(
      invokeText({ target, load, outcome: outcome([steering]) }, layoutOf(80, false)),
      /^ {2}1 x x\?\[2J: \?A \?\[2J\.$/m,
    );
  });

  it("shows no table where an interruption came before the first answer", () => {
    const nothing = outcomeOf([], { requests: 1, milliseconds: 5, interrupted: "SIGINT" });

    assert.equal(
      invokeText({ target, load, outcome: nothing }, layoutOf(80, false)),
      `0 requests to endpoint sagemaker-ops-dev-single

Interrupted: 1 further request was not sent, or had no answer yet.
`,
    );
  });

  it("shows 200 images, and how many more there are", () => {
    const text = (images: number) =>
      invokeText(
        {
          target,
          load,
          outcome: outcome(Array.from({ length: images }, (_, index) => answered(`image-${index + 1}`, 5))),
        },
        layoutOf(80, false),
      );

    assert.equal(text(200).match(/^image-/gm)?.length, 200);
    assert.doesNotMatch(text(200), /more/);
    assert.equal(text(203).match(/^image-/gm)?.length, 200);
    assert.match(text(203), /^… and 3 more; --json has them all\.$/m);
  });

  it("has a latency of null for programs where nothing was answered", () => {
    const json = JSON.parse(invokeJson({ target, load, outcome: outcome([failed("a")]) }));

    assert.equal(json.latencyMilliseconds, null);
    assert.deepEqual(json.inputs, [
      { name: "a", answered: 0, failed: 1, medianMilliseconds: null, predictions: [] },
    ]);
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
    const { tell } = progressOn({ isTTY, write: (text: string) => texts.push(text) > 0 });
    for (let done = 1; done <= all; done++) tell(done, all);
    return texts;
  };

  it("writes one line over on a terminal, and leaves none behind", () => {
    assert.deepEqual(written(true, 3), ["\r1 of 3 (33 %)\u001b[K", "\r2 of 3 (66 %)\u001b[K", "\r\u001b[K"]);
  });

  it("leaves none behind of a run that was cut short, and erases nothing else", () => {
    const erased: string[] = [];
    for (const [isTTY, done] of [
      [true, 0],
      [true, 1],
      [true, 2],
      [false, 20],
    ] as const) {
      const texts: string[] = [];
      const { tell, end } = progressOn({ isTTY, write: (text: string) => texts.push(text) > 0 });
      for (let one = 1; one <= done; one++) tell(one, 50);
      end();
      end();
      erased.push(`${texts.filter((text) => text === "\r\u001b[K").length} of ${texts.length}`);
    }

    assert.deepEqual(erased, ["0 of 0", "1 of 2", "1 of 3", "0 of 4"]);
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
