/**
 * A baseline JPEG writer (ITU-T T.81), small because it has one use: generated images. It computes in whole numbers, so that the
 * same pixels give the same bytes on every machine and in every version of Node.
 *
 * @param rgb three bytes a pixel, row by row.
 * @param quality 1 to 100, as libjpeg scales its tables.
 */
export function encodeJpeg(
  { width, height, rgb }: { readonly width: number; readonly height: number; readonly rgb: Uint8Array },
  quality = 90,
): Uint8Array {
  const quantisation = quantisationTable(quality);
  const bits = bitWriter(headers(width, height, quantisation));
  const planes = toPlanes(rgb);
  const before = [0, 0, 0];
  const block = new Float64Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      planes.forEach((plane, component) => {
        for (let index = 0; index < 64; index++) {
          // Blocks over the edge repeat the last row and column.
          const y = Math.min(height - 1, top + (index >> 3));
          const x = Math.min(width - 1, left + (index & 7));
          block[index] = plane[y * width + x] ?? 0;
        }
        before[component] = writeBlock(bits, transform(block, quantisation), before[component] ?? 0);
      });
    }
  }
  return bits.end();
}

const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** Places of the coefficients in the order they are written in. */
const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];

/** Huffman tables of T.81, annex K.3: how many codes of each length from 1 to 16 bits, then their values. */
const dcLengths = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const dcValues = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const acLengths = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const acValues = [
  ...Buffer.from(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a" +
      "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a" +
      "92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da" +
      "e1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
    "hex",
  ),
];
const dcCodes = huffmanCodes(dcLengths, dcValues);
const acCodes = huffmanCodes(acLengths, acValues);

const cosineBits = 13;
/** Row k: the k-th basis function of the transform, scaled. */
const cosines = Array.from({ length: 64 }, (_, index) => {
  const k = index >> 3;
  const scale = k === 0 ? Math.SQRT1_2 : 1;
  return Math.round((scale / 2) * Math.cos(((2 * (index & 7) + 1) * k * Math.PI) / 16) * 2 ** cosineBits);
});

function quantisationTable(quality: number): number[] {
  const scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  return luminance.map((value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
}

/** Y, Cb and Cr around 0, by the whole-number form of JFIF's equations. */
function toPlanes(rgb: Uint8Array): readonly Int16Array[] {
  const pixels = rgb.length / 3;
  const planes = [new Int16Array(pixels), new Int16Array(pixels), new Int16Array(pixels)] as const;
  for (let at = 0; at < pixels; at++) {
    const r = rgb[at * 3] ?? 0;
    const g = rgb[at * 3 + 1] ?? 0;
    const b = rgb[at * 3 + 2] ?? 0;
    planes[0][at] = ((19595 * r + 38470 * g + 7471 * b + 32768) >> 16) - 128;
    planes[1][at] = (-11059 * r - 21709 * g + 32768 * b + 32767) >> 16;
    planes[2][at] = (32768 * r - 27439 * g - 5329 * b + 32767) >> 16;
  }
  return planes;
}

const rows = new Float64Array(64);

function transform(block: Float64Array, quantisation: readonly number[]): Int16Array {
  for (let y = 0; y < 8; y++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += (block[y * 8 + x] ?? 0) * (cosines[k * 8 + x] ?? 0);
      rows[y * 8 + k] = sum;
    }
  }
  const out = new Int16Array(64);
  for (let k = 0; k < 8; k++) {
    for (let v = 0; v < 8; v++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += (rows[y * 8 + k] ?? 0) * (cosines[v * 8 + y] ?? 0);
      out[v * 8 + k] = Math.round(sum / 2 ** (2 * cosineBits) / (quantisation[v * 8 + k] ?? 1));
    }
  }
  return out;
}

type BitWriter = ReturnType<typeof bitWriter>;

/** Returns the block's first coefficient: the next block of the component is told apart from it. */
function writeBlock(bits: BitWriter, block: Int16Array, before: number): number {
  const dc = block[0] ?? 0;
  writeValue(bits, dcCodes, 0, dc - before);
  let zeros = 0;
  for (let at = 1; at < 64; at++) {
    const value = block[zigzag[at] ?? 0] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writeCode(bits, acCodes, 0xf0);
    writeValue(bits, acCodes, zeros, value);
    zeros = 0;
  }
  if (zeros > 0) writeCode(bits, acCodes, 0);
  return dc;
}

/** The code for the zeros before the value and its length in bits, then those bits. */
function writeValue(bits: BitWriter, codes: HuffmanCodes, zeros: number, value: number): void {
  const length = bitLength(value);
  writeCode(bits, codes, zeros * 16 + length);
  bits.put(value < 0 ? value + (1 << length) - 1 : value, length);
}

function writeCode(bits: BitWriter, { code, length }: HuffmanCodes, symbol: number): void {
  bits.put(code[symbol] ?? 0, length[symbol] ?? 0);
}

function bitLength(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

interface HuffmanCodes {
  /** By symbol. */
  readonly code: Uint16Array;
  /** Bits of the code, by symbol. */
  readonly length: Uint8Array;
}

function huffmanCodes(lengths: readonly number[], values: readonly number[]): HuffmanCodes {
  const codes = { code: new Uint16Array(256), length: new Uint8Array(256) };
  let code = 0;
  let next = 0;
  lengths.forEach((count, index) => {
    for (let one = 0; one < count; one++) {
      const symbol = values[next++] ?? 0;
      codes.code[symbol] = code++;
      codes.length[symbol] = index + 1;
    }
    code *= 2;
  });
  return codes;
}

function bitWriter(head: readonly number[]) {
  const bytes = [...head];
  let held = 0;
  let count = 0;
  const put = (value: number, length: number) => {
    held = (held << length) | value;
    count += length;
    for (; count >= 8; count -= 8) {
      const byte = (held >> (count - 8)) & 255;
      bytes.push(byte);
      // A marker starts with this byte; among data it is followed by a zero.
      if (byte === 255) bytes.push(0);
    }
    held &= (1 << count) - 1;
  };
  const end = () => {
    if (count > 0) put((1 << (8 - count)) - 1, 8 - count);
    bytes.push(0xff, 0xd9);
    return Uint8Array.from(bytes);
  };
  return { put, end };
}

function headers(width: number, height: number, quantisation: readonly number[]): number[] {
  const segment = (marker: number, content: readonly number[]) => {
    const length = content.length + 2;
    return [0xff, marker, length >> 8, length & 255, ...content];
  };
  const components = [1, 2, 3];
  return [
    ...[0xff, 0xd8],
    ...segment(0xe0, [...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...zigzag.map((place) => quantisation[place] ?? 1)]),
    ...segment(0xc0, [
      ...[8, height >> 8, height & 255, width >> 8, width & 255, 3],
      ...components.flatMap((id) => [id, 0x11, 0]),
    ]),
    ...segment(0xc4, [0x00, ...dcLengths, ...dcValues]),
    ...segment(0xc4, [0x10, ...acLengths, ...acValues]),
    ...segment(0xda, [3, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
  ];
}
