import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeBase64, imageType } from "../../../lambda/invoke/images";
import { jpeg, png } from "./fake-endpoint";

describe("decodeBase64", () => {
  it("gives back any bytes up to the limit, and refuses one more", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        assert.deepEqual(new Uint8Array(decodeBase64(text, bytes.length, "image")), bytes);
        assert.throws(() => decodeBase64(text, bytes.length - 1, "image"), { status: 413 });
      }),
    );
  });

  it("refuses what has another character anywhere", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3, maxLength: 200 }),
        fc.nat(),
        fc.constantFrom("-", "_", "=", " ", "\n", "\0", "é", "€", "😀"),
        (bytes, at, other) => {
          const text = Buffer.from(bytes).toString("base64").replace(/=*$/, "");
          // An equals sign at the end is padding.
          const position = at % (text.length - 2);
          const wrong = text.slice(0, position) + other + text.slice(position + other.length);
          assert.throws(
            () =>
              decodeBase64(wrong.padEnd(wrong.length + ((4 - (wrong.length % 4)) % 4), "="), 1000, "image"),
            {
              status: 400,
            },
          );
        },
      ),
    );
  });

  for (const text of [
    "",
    "a",
    "ab=",
    "abc",
    "====",
    "YQ= =",
    "YWJj\n",
    "YWJj-_==",
    "data:image/png;base64,AAAA",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => decodeBase64(text, 100, "image"), { name: "Problem", status: 400 });
    });
  }
});

describe("imageType", () => {
  it("knows JPEG and PNG by their first bytes, and nothing else", () => {
    assert.deepEqual([imageType(jpeg), imageType(png)], ["image/jpeg", "image/png"]);
    assert.equal(imageType(Buffer.from("GIF89a")), undefined);
    assert.equal(imageType(Buffer.from("<svg xmlns=")), undefined);
    assert.equal(imageType(png.subarray(0, 7)), undefined);
    assert.equal(imageType(Buffer.alloc(0)), undefined);
  });
});
