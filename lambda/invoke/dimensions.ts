export type ImageType = "image/jpeg" | "image/png";

export interface Dimensions {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * What the file says of its size before anything is decoded; `undefined` when it says nothing where it should.
 *
 * Where it says so more than once, the largest counts: which of them a decoder goes by, and so for what it takes memory, differs
 * from one to the next. What decoders pass over is passed over here too, or a few bytes would hide a size.
 */
export function dimensionsOf(bytes: Uint8Array, type: ImageType): Dimensions | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const told = type === "image/png" ? pngDimensions(view) : jpegDimensions(bytes, view);
  let largest: Dimensions | undefined;
  for (const one of told) if (largest === undefined || pixelsOf(one) > pixelsOf(largest)) largest = one;
  return largest;
}

function pixelsOf({ width, height }: Dimensions): number {
  return width * height;
}

/**
 * Every IHDR before the image's data. It should be the first chunk (https://www.w3.org/TR/png-3/#11IHDR), but Pillow takes it behind
 * others, and a second one in place of the first.
 */
function* pngDimensions(view: DataView): Generator<Dimensions> {
  let at = 8;
  while (at + 8 <= view.byteLength) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (type === imageData) return;
    if (type === imageHeader && at + 16 <= view.byteLength)
      yield { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    // Length, type, data, checksum.
    at += 12 + length;
  }
}

const imageHeader = 0x49484452;
const imageData = 0x49444154;

/**
 * Every start of frame before the first scan: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B. As libjpeg and Pillow do, it
 * passes over what stands between segments and is no marker: bytes before FF, and FF 00.
 */
function* jpegDimensions(bytes: Uint8Array, view: DataView): Generator<Dimensions> {
  let at = bytes.indexOf(0xff, 2);
  while (at >= 0 && at + 2 <= bytes.length) {
    const marker = view.getUint8(at + 1);
    if (marker === startOfScan) return;
    if (isStartOfFrame(marker) && at + 9 <= bytes.length)
      yield { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at = bytes.indexOf(0xff, nextOf(at, marker, view));
  }
}

const startOfScan = 0xda;

/** Where what follows a marker may begin. */
function nextOf(at: number, marker: number, view: DataView): number {
  if (marker === 0xff) return lastOfRun(at + 1, view);
  if (standsAlone(marker) || at + 4 > view.byteLength) return at + 2;
  // A length counts itself, and decoders take a smaller one for an empty segment.
  return at + 2 + Math.max(2, view.getUint16(at + 2));
}

/** Any number of FF may fill the place before a marker: in one go, as a file may be nothing else. */
function lastOfRun(at: number, view: DataView): number {
  let last = at;
  while (last + 1 < view.byteLength && view.getUint8(last + 1) === 0xff) last += 1;
  return last;
}

/** C4, C8 and CC lie in the same range and are tables, not frames. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Markers without a length behind them, and those that Pillow reads as such, C8 and F0 to FD:
 * https://github.com/python-pillow/Pillow/blob/main/src/PIL/JpegImagePlugin.py
 */
function standsAlone(marker: number): boolean {
  return (
    marker < 0xc0 ||
    marker === 0xc8 ||
    (marker >= 0xd0 && marker <= 0xd9) ||
    (marker >= 0xf0 && marker <= 0xfd)
  );
}
