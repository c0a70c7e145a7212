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

/** Chunks of a PNG, each with its length and a checksum that nobody reads. */
function pngOf(...chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const parts = chunks.flatMap(([type, data]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return [length, Buffer.from(type, "latin1"), data, Buffer.alloc(4)];
  });
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...parts]);
}

function header(width: number, height: number): readonly [string, Buffer] {
  const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  return ["IHDR", data];
}

function frame(width: number, height: number): Buffer {
  const segment = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  segment.writeUInt16BE(height, 5);
  segment.writeUInt16BE(width, 7);
  return segment;
}

const start = Buffer.from([0xff, 0xd8]);
const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);

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

  /** What libjpeg and Pillow pass over, so that a decoder still finds the frame behind it. */
  const passedOver: readonly (readonly [string, readonly number[]])[] = [
    ["a byte", [0x00]],
    ["bytes", [0x41, 0x00, 0xfe]],
    ["an escaped FF", [0xff, 0x00]],
    ["escaped FFs and fill bytes", [0xff, 0x00, 0xff, 0xff, 0xff, 0x00, 0x07]],
    ["a segment that claims to have no length", [0xff, 0xe0, 0, 0]],
    ["a segment that claims a length of one", [0xff, 0xe0, 0, 1]],
    ["a marker of an end", [0xff, 0xd9]],
    ["a marker that Pillow reads without its length", [0xff, 0xf0, 0x7f, 0xff]],
    ...[0xc4, 0xc8, 0xcc].map((marker): [string, readonly number[]] => [
      `${marker.toString(16)}, which is no frame and looks like a larger one`,
      [0xff, marker, 0, 11, 8, 0x7f, 0x7f, 0x7f, 0x7f, 1, 1, 0x11, 0],
    ]),
  ];
  for (const [title, bytes] of passedOver) {
    it(`reads a JPEG's frame behind ${title} between two segments`, () => {
      const image = Buffer.concat([start, Buffer.from(bytes), frame(640, 480), Buffer.from(bytes), scan]);

      assert.deepEqual(dimensionsOf(image, "image/jpeg"), { width: 640, height: 480 });
    });
  }

  it("takes the largest of a JPEG's frames before its first scan, in any order", () => {
    const small = frame(8, 8);
    const large = frame(60_000, 60_000);
    for (const frames of [
      [small, large],
      [large, small],
      [small, Buffer.from([0xff, 0x00]), large, small],
    ])
      assert.deepEqual(dimensionsOf(Buffer.concat([start, ...frames, scan]), "image/jpeg"), {
        width: 60_000,
        height: 60_000,
      });
    assert.deepEqual(dimensionsOf(Buffer.concat([start, small, scan, large]), "image/jpeg"), {
      width: 8,
      height: 8,
    });
  });

  it("reads a PNG's size behind other chunks, and takes the largest before the data", () => {
    const text = ["tEXt", Buffer.from("a\0b")] as const;
    const data = ["IDAT", Buffer.from([1, 2, 3])] as const;

    assert.deepEqual(dimensionsOf(pngOf(text, header(640, 480), data), "image/png"), {
      width: 640,
      height: 480,
    });
    assert.deepEqual(dimensionsOf(pngOf(header(8, 8), text, header(60_000, 60_000), data), "image/png"), {
      width: 60_000,
      height: 60_000,
    });
    assert.deepEqual(dimensionsOf(pngOf(header(8, 8), data, header(60_000, 60_000)), "image/png"), {
      width: 8,
      height: 8,
    });
    assert.equal(dimensionsOf(pngOf(text, data, header(640, 480)), "image/png"), undefined);
  });

  it("says nothing of a file that is cut before or within its size, and the same of any longer one", () => {
    for (const [type, whole, toldAt] of [
      ["image/png", png(640, 480), 24],
      ["image/jpeg", jpeg(640, 480), 32],
    ] as const)
      for (let length = 0; length <= whole.length; length++)
        assert.deepEqual(
          dimensionsOf(whole.subarray(0, length), type),
          length < toldAt ? undefined : { width: 640, height: 480 },
          `${length} bytes of ${type}`,
        );
  });

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
    const jpegInside = Buffer.concat([Buffer.alloc(5, 0xff), jpeg(3, 2)]).subarray(5);
    assert.deepEqual(dimensionsOf(jpegInside, "image/jpeg"), { width: 3, height: 2 });
  });
});

describe("imageOf", () => {
  it("refuses a small file with more pixels than a container can decode", () => {
    const hidden = Buffer.concat([
      start,
      Buffer.from([0xff, 0xe0, 0, 2, 0]),
      frame(8, 8),
      frame(65_500, 65_500),
      scan,
    ]);
    for (const bytes of [png(100_000, 100_000), jpeg(65_500, 65_500), hidden])
      assert.throws(() => imageOf(bytes, 1000), { status: 413, code: "image-too-large" });
  });

  it("takes a file of exactly the limit", () => {
    assert.equal(imageOf(png(maximumPixels / 1000, 1000), 1000).contentType, "image/png");
    assert.throws(() => imageOf(png(maximumPixels / 1000 + 1, 1000), 1000), { status: 413 });
  });
});
