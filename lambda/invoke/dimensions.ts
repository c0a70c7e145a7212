export type ImageType = "image/jpeg" | "image/png";

export interface Dimensions {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What the file says of its size before anything is decoded; `undefined` when it says nothing where it should. */
export function dimensionsOf(bytes: Uint8Array, type: ImageType): Dimensions | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return type === "image/png" ? pngDimensions(view) : jpegDimensions(view);
}

/** IHDR is the first chunk: https://www.w3.org/TR/png-3/#11IHDR */
function pngDimensions(view: DataView): Dimensions | undefined {
  if (view.byteLength < 24 || view.getUint32(12) !== 0x49484452) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks the segments to the first start of frame: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B. */
function jpegDimensions(view: DataView): Dimensions | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
    } else if (isStartOfFrame(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else if (standsAlone(marker)) {
      at += 2;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return undefined;
}

/** C4, C8 and CC lie in the same range and are tables, not frames. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers without a length behind them. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
