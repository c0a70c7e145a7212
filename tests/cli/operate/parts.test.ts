import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { AwsFailure } from "../../../cli/core/aws/errors";
import { durationText, secondsOf } from "../../../cli/core/operate/duration";
import { Follower, overlapMilliseconds } from "../../../cli/core/operate/follow";
import { LiveBlock } from "../../../cli/core/operate/live-block";
import { type LogEvent, plainText, sourceOf } from "../../../cli/core/operate/log-text";
import { hasFixedCredentials, Patience } from "../../../cli/core/operate/patience";
import { ServerClock } from "../../../cli/core/operate/server-clock";

describe("the parts of commands that watch", () => {
  it("say durations in the two largest units, and read them back", () => {
    assert.deepEqual([0, 0.9, 59, 60, 3661, 90_000, -5].map(durationText), [
      "0 s",
      "0 s",
      "59 s",
      "1 min",
      "1 h 1 min",
      "1 d 1 h",
      "0 s",
    ]);
    assert.deepEqual(
      ["90s", "30m", "2h", "7d"].map((text) => secondsOf("--since", text)),
      [90, 1800, 7200, 604_800],
    );
    for (const wrong of ["", "5", "h", "-1h", "1.5h", "0s", "400d", "99999999999s"])
      assert.throws(() => secondsOf("--since", wrong), /--since is .* it must be a whole number and a unit/);
  });

  it("follow a log without a line twice or one too few, however pages overlap and lines come late", () => {
    const line = fc.record({ at: fc.integer({ min: 0, max: 100 }), arrives: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (plan) => {
        const events = plan.map(
          ({ at }, index): LogEvent => ({ id: `e${index}`, stream: "s", at: at * 1000, message: "" }),
        );
        const follower = new Follower(undefined);
        const shown: string[] = [];
        // All lines lie within the overlap, so that none can be too late.
        for (let look = 0; look <= 5; look += 1) {
          const { from = 0 } = follower;
          const page = events
            .filter(({ at }, index) => (plan[index]?.arrives ?? 0) <= look && at >= from)
            .sort((a, b) => a.at - b.at);
          shown.push(...follower.unseen(page).map(({ id = "" }) => id));
          follower.forget();
        }

        assert.deepEqual([...shown].sort(), events.map(({ id = "" }) => id).sort());
      }),
    );
  });

  it("ask again for the last two minutes only, and never for what is older than was asked for", () => {
    const follower = new Follower(1000);
    follower.unseen([{ id: "a", stream: "s", at: 5_000_000, message: "" }]);

    assert.equal(follower.from, 5_000_000 - overlapMilliseconds);
    const short = new Follower(4_999_000);
    short.unseen([{ id: "a", stream: "s", at: 5_000_000, message: "" }]);
    assert.equal(short.from, 4_999_000);
  });

  it("let no text of a log steer a terminal", () => {
    const parts = [
      "a",
      " ",
      "\t",
      "\r",
      "\u001b[31m",
      "\u001b]0;t\u0007",
      "\u001b",
      "\u0007",
      "\u009b2J",
      "\u202e",
      "\u0000",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts)), (text) => {
        const left = [...plainText(text.join(""))].filter((one) => one !== "\t");
        assert.deepEqual(
          left.filter((one) => one < " " || (one >= "\u007f" && one < "\u00a0") || one === "\u202e"),
          [],
        );
      }),
    );
    assert.equal(plainText("two\nlines\n"), "two\n  lines");
    assert.equal(sourceOf("job-1/algo-2-1767600000"), "algo-2");
    assert.equal(sourceOf("AllTraffic/i-0123"), "i-0123");
  });

  it("write a block over by as many rows as it took, and a shorter form where it does not fit", () => {
    const written: string[] = [];
    const block = new LiveBlock({ write: (text: string) => written.push(text) > 0, columns: 10, rows: 5 });

    block.show(["short", "a line of more than ten columns"]);
    block.show(["one", "two", "three", "four", "five"], ["few"]);
    block.clear();

    assert.deepEqual(written, ["short\n", "\u001b[1A\r\u001b[Jfew\n", "\u001b[1A\r\u001b[J"]);
  });

  it("wait longer while nothing changes and while calls fail, and no longer than a quarter of an hour in all", () => {
    let now = 0;
    const patience = new Patience(5, false, () => now);
    const failure = new AwsFailure("x failed: AWS throttles the calls.", "ThrottlingException", false);
    const pauses = [patience.pauseSeconds];
    patience.answered(false);
    pauses.push(patience.pauseSeconds);
    for (let count = 0; count < 9; count += 1) patience.answered(false);
    pauses.push(patience.pauseSeconds);
    patience.answered(true);
    pauses.push(patience.pauseSeconds);

    assert.deepEqual(pauses, [5, 7.5, 30, 5]);
    assert.equal(patience.failed(failure).told, "x failed: AWS throttles the calls. Asking again.");
    assert.equal(patience.failed(failure).told, undefined);
    now = 901_000;
    assert.throws(() => patience.failed(failure), failure);
    patience.answered(false);
    assert.notEqual(patience.failed(failure).told, undefined);
  });

  it("wait for nothing that does not pass: a refusal, a mistake, credentials that nobody can change", () => {
    const denied = new AwsFailure("denied", "AccessDeniedException", true);
    const expired = new AwsFailure("expired", "ExpiredToken", true);
    const defect = new TypeError("x");

    assert.throws(() => new Patience(5, false).failed(denied), denied);
    assert.throws(() => new Patience(5, false).failed(defect), defect);
    assert.throws(() => new Patience(5, true).failed(expired), expired);
    assert.equal(new Patience(5, false).failed(expired).renews, true);
    assert.deepEqual(
      [{}, { AWS_ACCESS_KEY_ID: "A" }, { AWS_ACCESS_KEY_ID: "A", AWS_PROFILE: "p" }].map(hasFixedCredentials),
      [false, true, false],
    );
  });

  it("take the time from AWS, and go on by a timer that nobody sets", () => {
    let monotonic = 100;
    const clock = new ServerClock(() => monotonic);
    clock.hear("Mon, 05 Jan 2026 12:00:00 GMT");
    monotonic += 1500;
    clock.hear("no date");

    assert.equal(clock.now(), Date.UTC(2026, 0, 5, 12) + 1500);
  });
});
