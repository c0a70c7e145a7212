import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { array, asyncProperty, assert as check, integer, string } from "fast-check";
import { describe, it } from "mocha";
import { gatherDebugMessages, gathered } from "../../infra/stack/debug-messages";

/** An engine that takes each message when it is told to. */
class Engine {
  readonly taken: unknown[][] = [];
  /** Holds of the connection that were not given back. */
  held = 0;
  private readonly arrivals: (() => void)[] = [];

  readonly debug = gathered(
    (...message) => {
      this.taken.push(message);
      return new Promise((arrived) => this.arrivals.push(arrived));
    },
    () => {
      this.held += 1;
      return () => {
        this.held -= 1;
      };
    },
  );

  /** The oldest message on its way arrives; whether there was one. */
  async arrive(): Promise<boolean> {
    const arrived = this.arrivals.shift();
    arrived?.();
    await new Promise(setImmediate);
    return arrived !== undefined;
  }
}

/** Protects: what `--debug` shows. Not proved: how the engine prints a message of several lines. */
describe("gathered debug messages", () => {
  it("go at once where none is on its way, and together where one is", async () => {
    const engine = new Engine();

    void engine.debug("first");
    void engine.debug("second");
    void engine.debug("third");
    assert.deepEqual(engine.taken, [["first"]]);
    await engine.arrive();

    assert.deepEqual(engine.taken, [["first"], ["second\nthird"]]);
  });

  it("arrive whole and in their order, whenever they come and however long each takes", async () => {
    const line = string({ minLength: 1 }).map((text) => text.replaceAll("\n", " "));
    await check(
      asyncProperty(array(array(line)), integer({ min: 0, max: 2 }), async (turns, arrivals) => {
        const engine = new Engine();
        for (const messages of turns) {
          for (const message of messages) void engine.debug(message);
          for (let arrival = 0; arrival < arrivals; arrival++) await engine.arrive();
        }
        while (await engine.arrive());

        assert.deepEqual(
          engine.taken.flatMap(([text]) => String(text).split("\n")),
          turns.flat(),
        );
        assert.equal(engine.held, 0);
      }),
      { numRuns: 50 },
    );
  });

  it("keep the connection until the last has arrived", async () => {
    const engine = new Engine();

    void engine.debug("first");
    void engine.debug("second");
    await engine.arrive();
    assert.equal(engine.held, 1);
    await engine.arrive();

    assert.equal(engine.held, 0);
  });

  it("tell the caller when its message has arrived", async () => {
    const engine = new Engine();
    let arrived = false;

    void engine.debug("first");
    void engine.debug("second").then(() => {
      arrived = true;
    });
    await engine.arrive();
    assert.equal(arrived, false);
    await engine.arrive();

    assert.equal(arrived, true);
  });

  it("leave alone what is said of one resource or of a stream", () => {
    const engine = new Engine();

    void engine.debug("first");
    void engine.debug("of a stream", undefined, 7, true);
    void engine.debug("of nothing", undefined, undefined);

    assert.deepEqual(engine.taken, [["first"], ["of a stream", undefined, 7, true]]);
  });

  it("do not concern a run without an engine, such as a plan", () => {
    const before = pulumi.log.debug;

    gatherDebugMessages();

    assert.equal(pulumi.log.debug, before);
  });
});
