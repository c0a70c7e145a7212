import assert from "node:assert/strict";
import * as deserialize from "@pulumi/policy/deserialize";
import fc from "fast-check";
import { Struct, type Value } from "google-protobuf/google/protobuf/struct_pb";
import { describe, it } from "mocha";
import { dataOf, membersOf } from "../../../policy/requests/struct";
import { Message } from "../../../policy/requests/wire";
import { secret, UNKNOWN_STRING } from "../../support/policy-request";

// Marked internal, so exported without types.
const { deserializeProperties } = deserialize as unknown as {
  deserializeProperties: (struct: Struct, proxySecrets: boolean) => Record<string, unknown>;
};

const signature = "4dabf18193072939515e22adb298388d";

function toStruct(properties: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(properties as Record<string, never>);
}

/** All members, as the pack reads them. */
function readAll(bytes: Buffer): Record<string, unknown> {
  return Object.fromEntries([...membersOf(new Message(bytes))].map(([name, value]) => [name, dataOf(value)]));
}

function read(properties: Record<string, unknown>): Record<string, unknown> {
  return readAll(Buffer.from(toStruct(properties).serializeBinary()));
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(UNKNOWN_STRING, "", "a".repeat(300), "constructor", "10", "9", "é€😀"),
);
const key = text.filter((name) => name !== signature && name !== "__proto__");
const leaf = fc.oneof(
  text,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    tie("value").map(secret),
  ),
}));
const properties = fc.dictionary(key, value, { maxKeys: 6 });

describe("reading the properties in a request", () => {
  it("gives what the SDK gives to policies, names in the same order", () => {
    fc.assert(
      fc.property(properties, (given) => {
        const expected = deserializeProperties(toStruct(given), false);

        const actual = read(given);

        assert.deepEqual(actual, expected);
        assert.equal(
          JSON.stringify(Object.values(actual)),
          JSON.stringify(Object.values(inOrder(expected, actual))),
        );
      }),
    );
  });

  it("unwraps secrets wherever they are", () => {
    assert.deepEqual(read({ a: secret({ b: [secret("c"), secret(null)] }) }), { a: { b: ["c", null] } });
  });

  it("puts the members of an object in order, as the engine sends them in any", () => {
    const bytesOf = (given: Record<string, unknown>) => Buffer.from(toStruct(given).serializeBinary());
    // Two messages after each other are one with the members of both.
    const inner = Buffer.concat([bytesOf({ b: 1 }), bytesOf({ a: 2 })]);
    const value = field(5, inner);
    const struct = field(1, Buffer.concat([field(1, Buffer.from("outer")), field(2, value)]));

    const { outer } = readAll(struct);

    assert.equal(JSON.stringify(outer), '{"a":2,"b":1}');
  });

  it("takes no member for a prototype", () => {
    const struct = toStruct({ outer: { kept: 1 } });
    const polluting = toStruct({ any: { polluted: true } })
      .getFieldsMap()
      .get("any");
    struct
      .getFieldsMap()
      .get("outer")
      ?.getStructValue()
      ?.getFieldsMap()
      .set("__proto__", polluting as Value);

    const { outer } = readAll(Buffer.from(struct.serializeBinary())) as { outer: Record<string, unknown> };

    assert.deepEqual(Object.keys(outer), ["kept"]);
    assert.equal(outer.polluted, undefined);
    assert.equal(Object.getPrototypeOf(outer), Object.prototype);
  });

  for (const [what, marked] of [
    ["an asset", { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x" }],
    ["an archive", { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "x" }],
    ["a reference to a resource", { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "x" }],
    ["a secret without a value", { [signature]: "1b47061264138c4ac30d75fd1eb44270" }],
  ] as const) {
    it(`leaves ${what} to the SDK`, () => {
      assert.throws(() => read({ a: [marked] }), RangeError);
    });
  }

  it("does not read a member that nobody asks for", () => {
    const bytes = Buffer.from(
      toStruct({ asset: { [signature]: "c44067f5952c0a294b673a41bacd8c17" }, name: "n" }).serializeBinary(),
    );

    const name = membersOf(new Message(bytes)).get("name");

    assert.ok(name !== undefined);
    assert.equal(dataOf(name), "n");
    assert.equal(dataOf(name), "n");
  });
});

describe("a damaged request", () => {
  it("is an error, or what is left of it, and never ends otherwise", () => {
    fc.assert(
      fc.property(properties, fc.nat(), fc.integer({ min: 0, max: 255 }), (given, place, byte) => {
        const bytes = Buffer.from(toStruct(given).serializeBinary());
        if (bytes.length > 0) bytes[place % bytes.length] = byte;

        try {
          readAll(bytes);
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is an error where it ends too soon", () => {
    const bytes = Buffer.from(toStruct({ name: "value" }).serializeBinary());

    for (let length = 1; length < bytes.length; length++) {
      assert.throws(() => readAll(bytes.subarray(0, length)), RangeError, `${length} bytes`);
    }
  });

  it("is an error where a number has no end, or a field has no number or an unknown form", () => {
    for (const bytes of [Array(12).fill(0xff), [0x00, 0x01], [0x0b], [0x0a]]) {
      assert.throws(() => readAll(Buffer.from(bytes)), RangeError);
    }
  });
});

/** The top level is read by name; below it the order of names counts. */
function inOrder(of: Record<string, unknown>, like: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(like).map((name) => [name, of[name]]));
}

/** A field of a message that holds a text or a message of less than 128 bytes. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
}
