import assert from "node:assert/strict";
import { unknownCheckingProxy } from "@pulumi/policy";
import { output } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { pick, plain, quantity, UNKNOWN } from "../../policy/values";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../support/policy-request";

describe("plain", () => {
  it("copies through the SDK's proxy, with a mark wherever reading would throw", () => {
    const props = unknownCheckingProxy({
      known: { list: [1, "two", { three: UNKNOWN_NUMBER }] },
      unknown: UNKNOWN_STRING,
      list: UNKNOWN_ARRAY,
      members: ["a", UNKNOWN_STRING],
    }) as object;

    assert.deepEqual(plain(props), {
      known: { list: [1, "two", { three: UNKNOWN }] },
      unknown: UNKNOWN,
      list: UNKNOWN,
      members: ["a", UNKNOWN],
    });
  });

  it("takes a text around an unknown for unknown, and a JSON object in a text for something to parse", () => {
    const json = `{"Resource":"${UNKNOWN_STRING}"}`;

    assert.equal(plain(`arn:aws:s3:::${UNKNOWN_STRING}/*`), UNKNOWN);
    assert.equal(plain(json), json);
    assert.deepEqual(plain(JSON.parse(json)), { Resource: UNKNOWN });
  });

  it("takes an Output for unknown", () => {
    assert.deepEqual(plain({ name: output("later") }), { name: UNKNOWN });
  });

  it("ends on a value that contains itself", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;

    assert.doesNotThrow(() => plain(loop));
  });

  it("does not let a property named like an object's own machinery change the copy", () => {
    const copy = plain(JSON.parse('{"__proto__": {"instanceType": "ml.p5.48xlarge"}, "a": 1}')) as Record<
      string,
      unknown
    >;

    assert.equal(copy.instanceType, undefined);
    assert.equal(copy.a, 1);
  });
});

describe("pick", () => {
  it("looks at the named properties only", () => {
    const props = {
      wanted: 1,
      get other(): never {
        throw new Error("looked at");
      },
    };

    assert.deepEqual(pick(props, ["wanted", "absent"]), { wanted: 1 });
  });

  it("copies a property once for all rules that read it, through the SDK's proxy too", () => {
    const properties = { tags: { team: "vision" }, list: [UNKNOWN_STRING], name: UNKNOWN_STRING };

    const [first, second] = [1, 2].map(() =>
      pick(unknownCheckingProxy(properties) as object, ["tags", "list", "name"]),
    );

    assert.deepEqual(first, { tags: { team: "vision" }, list: [UNKNOWN], name: UNKNOWN });
    assert.equal(first?.tags, second?.tags);
  });

  it("looks through a proxy only where it is the SDK's own", () => {
    const properties = {
      __getSpecialProxyTarget: { instanceType: "ml.t3.medium" },
      instanceType: "ml.p5.48xlarge",
    };

    assert.deepEqual(pick(unknownCheckingProxy(properties) as object, ["instanceType"]), {
      instanceType: "ml.p5.48xlarge",
    });
    assert.deepEqual(pick(properties, ["instanceType"]), { instanceType: "ml.p5.48xlarge" });
  });
});

describe("quantity", () => {
  const rows: readonly [unknown, unknown][] = [
    [3, { kind: "known", value: 3 }],
    [0, { kind: "known", value: 0 }],
    ["2", { kind: "known", value: 2 }],
    [" 2.5 ", { kind: "known", value: 2.5 }],
    [undefined, { kind: "missing" }],
    [null, { kind: "missing" }],
    [UNKNOWN, { kind: "unknown" }],
    [Number.NaN, { kind: "invalid" }],
    [Number.POSITIVE_INFINITY, { kind: "invalid" }],
    [-1, { kind: "invalid" }],
    ["-1", { kind: "invalid" }],
    ["two", { kind: "invalid" }],
    ["", { kind: "invalid" }],
    ["1e400", { kind: "invalid" }],
    ["9".repeat(400), { kind: "invalid" }],
    [true, { kind: "invalid" }],
    [[3], { kind: "invalid" }],
    [{}, { kind: "invalid" }],
  ];
  for (const [value, expected] of rows) {
    it(`reads ${typeof value === "string" ? JSON.stringify(value.slice(0, 10)) : String(value)} as ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(quantity(value), expected);
    });
  }
});
