import assert from "node:assert/strict";
import fc from "fast-check";
import { mapAtMost, twice, within } from "../../../lambda/invoke/attempts";

const cut = Object.assign(new Error("cut"), { code: "ECONNRESET" });

describe("twice", () => {
  it("repeats nothing once the time is over", async () => {
    let attempts = 0;
    const abort = new AbortController();
    const attempt = async () => {
      attempts += 1;
      abort.abort();
      throw cut;
    };

    await assert.rejects(twice(attempt, abort.signal), {
      name: "AbortError",
      message: "The time is over: cut",
    });
    assert.equal(attempts, 1);
  });

  it("makes no third attempt", async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw cut;
    };

    await assert.rejects(twice(attempt, new AbortController().signal), cut);
    assert.equal(attempts, 2);
  });
});

describe("within", () => {
  it("is over when its parent is, before or while it runs", async () => {
    const parent = new AbortController();
    const during = within(10_000, (signal) => ended(signal), parent.signal);
    parent.abort();

    assert.equal(await during, "aborted");
    assert.equal(await within(10_000, async (signal) => signal.aborted, parent.signal), true);
  });
});

describe("mapAtMost", () => {
  it("keeps the order and the limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (items, limit) => {
          let working = 0;
          let most = 0;
          const results = await mapAtMost(
            items,
            limit,
            async (item, index) => {
              working += 1;
              most = Math.max(most, working);
              for (let tick = 0; tick < item; tick++) await Promise.resolve();
              working -= 1;
              return `${index}:${item}`;
            },
            () => assert.fail("nothing failed"),
          );

          assert.deepEqual(
            results,
            items.map((item, index) => `${index}:${item}`),
          );
          assert.ok(most <= limit);
        },
      ),
    );
  });

  it("fails with what failed first, after all that was begun has ended, and begins nothing more", async () => {
    const log: string[] = [];
    const abort = new AbortController();
    const work = mapAtMost(
      [1, 2, 3, 4],
      2,
      async (item) => {
        log.push(`begin ${item}`);
        if (item === 1) throw new Error("first");
        await ended(abort.signal);
        log.push(`end ${item}`);
        throw new Error("second");
      },
      () => abort.abort(),
    );

    await assert.rejects(work, { message: "first" });
    assert.deepEqual(log, ["begin 1", "begin 2", "end 2"]);
  });
});

function ended(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve("aborted"), { once: true }));
}
