import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { afterEach, describe, it } from "mocha";
import { keptEnvironment, setEnvironment } from "./environment";

const name = "SAGEMAKER_OPS_TEST_VARIABLE";
const other = `${name}_2`;

describe("variables that are set for a run", () => {
  afterEach(() => {
    delete process.env[name];
    delete process.env[other];
  });

  it("are put back as they were, and go where there were none", () => {
    process.env[name] = "before";

    const restore = setEnvironment({ [name]: "during", [other]: "" });
    assert.deepEqual([process.env[name], process.env[other]], ["during", ""]);
    restore();

    assert.deepEqual([process.env[name], other in process.env], ["before", false]);
  });

  for (const [how, order] of [
    ["in the order in which they began", [0, 1]],
    ["the other way round", [1, 0]],
  ] as const)
    it(`stay until the last of two overlapping runs ends, ${how}`, () => {
      const restores = [setEnvironment({ [name]: "a" }), setEnvironment({ [name]: "a", [other]: "b" })];
      const [first = 0, second = 0] = order;

      restores[first]?.();
      assert.equal(process.env[name], "a");
      restores[first]?.();
      assert.equal(process.env[name], "a");
      restores[second]?.();

      assert.deepEqual([name in process.env, other in process.env], [false, false]);
    });

  it("cannot be given another value by a run that overlaps, which then changes nothing", () => {
    const restore = setEnvironment({ [name]: "a" });

    assert.throws(
      () => setEnvironment({ [other]: "b", [name]: "c" }),
      /another SAGEMAKER_OPS_TEST_VARIABLE: a and c/,
    );
    restore();

    assert.deepEqual([name in process.env, other in process.env], [false, false]);
    setEnvironment({ [name]: "c" })();
    assert.equal(name in process.env, false);
  });
});

describe("keptEnvironment", () => {
  it("puts back what was changed, added and taken, where Node's own functions see it", () => {
    const before = tmpdir();
    const put = setEnvironment({ KEPT: "1", TAKEN: "1" });
    const restore = keptEnvironment();
    Object.assign(process.env, { KEPT: "2", ADDED: "1", TMPDIR: "/elsewhere" });
    delete process.env.TAKEN;
    assert.equal(tmpdir(), "/elsewhere");

    restore();

    assert.deepEqual([process.env.KEPT, process.env.TAKEN, process.env.ADDED], ["1", "1", undefined]);
    assert.equal(tmpdir(), before);
    put();
  });
});
