import assert from "node:assert/strict";
import fc from "fast-check";
import { dimensionsOf } from "../../../lambda/invoke/dimensions";
import { imageOf, maximumPixels } from "../../../lambda/invoke/images";

function png(width: number, height: number): Buffer {
  const head = Buffer.alloc(29);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(head);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}

/** Start of image, an application segment with a thumbnail's frame in it, a table, fill bytes, the frame. */
function jpeg(width: number, height: number, marker = 0xc2): Buffer {
  const frame = Buffer.from([0xff, 0xff, marker, 0, 11, 8, 0, 0, 0, 0, 3, 1, 0x11]);
  frame.writeUInt16BE(height, 6);
  frame.writeUInt16BE(width, 8);
  const thumbnail = Buffer.from([0xff, 0xe1, 0, 12, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 3]);
  const table = Buffer.from([0xff, 0xc4, 0, 4, 1, 2]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), thumbnail, table, frame]);
}

describe("dimensionsOf", () => {
  it("reads what a PNG says in its first chunk", () => {
    assert.deepEqual(dimensionsOf(png(640, 480), "image/png"), { width: 640, height: 480 });
  });

  for (const marker of [0xc0, 0xc1, 0xc2, 0xcf]) {
    it(`reads a JPEG's frame ${marker.toString(16)} behind other segments, and not a thumbnail's`, () => {
      assert.deepEqual(dimensionsOf(jpeg(640, 480, marker), "image/jpeg"), { width: 640, height: 480 });
    });
  }

  it("ends on any bytes, also where a segment claims to have no length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        dimensionsOf(Buffer.concat([Buffer.from([0xff, 0xd8]), bytes]), "image/jpeg");
        dimensionsOf(bytes, "image/png");
      }),
    );
    const zeroLength = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0, 0, 0, 0, 0]);
    assert.equal(dimensionsOf(zeroLength, "image/jpeg"), undefined);
  });

  it("reads within a larger buffer", () => {
    const inside = Buffer.concat([Buffer.alloc(5, 0xff), png(3, 2)]).subarray(5);
    assert.deepEqual(dimensionsOf(inside, "image/png"), { width: 3, height: 2 });
  });
});

describe("imageOf", () => {
  it("refuses a small file with more pixels than a container can decode", () => {
    for (const bytes of [png(100_000, 100_000), jpeg(65_500, 65_500)])
      assert.throws(() => imageOf(bytes, 1000), { status: 413, code: "image-too-large" });
  });

  it("takes a file of exactly the limit", () => {
    assert.equal(imageOf(png(maximumPixels / 1000, 1000), 1000).contentType, "image/png");
    assert.throws(() => imageOf(png(maximumPixels / 1000 + 1, 1000), 1000), { status: 413 });
  });
});
