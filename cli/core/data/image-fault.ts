import { dimensionsOf } from "../../../lambda/invoke/dimensions";
import { imageType, maximumPixels } from "../../../lambda/invoke/images";

export interface ImageFault {
  readonly code: "unreadable" | "empty" | "not-an-image" | "truncated" | "too-many-pixels";
  /** Follows the image's name: "is empty". */
  readonly text: string;
}

const startOfScan = Buffer.from([0xff, 0xda]);
const endOfJpeg = Buffer.from([0xff, 0xd9]);
const endOfPng = Buffer.from("IEND");

/**
 * What is wrong with the content of an image file, as far as its structure tells: nothing is decoded. Damage inside the
 * compressed data is not seen.
 */
export function imageFault(content: Buffer): ImageFault | undefined {
  if (content.length === 0) return { code: "empty", text: "is empty" };
  const type = imageType(content);
  if (type === undefined) return { code: "not-an-image", text: "is neither JPEG nor PNG" };
  const dimensions = dimensionsOf(content, type);
  if (dimensions === undefined || dimensions.width === 0 || dimensions.height === 0)
    return { code: "truncated", text: "has no size in its header" };
  if (dimensions.width * dimensions.height > maximumPixels)
    return {
      code: "too-many-pixels",
      text: `has ${dimensions.width} x ${dimensions.height} pixels; at most ${maximumPixels} are decoded`,
    };
  return isWhole(content, type)
    ? undefined
    : { code: "truncated", text: "ends before the end of the picture" };
}

/** A thumbnail in the header has an end of its own, before the picture's scan; cameras write more behind the picture. */
function isWhole(content: Buffer, type: "image/jpeg" | "image/png"): boolean {
  if (type === "image/png") return content.includes(endOfPng);
  return content.lastIndexOf(endOfJpeg) > content.lastIndexOf(startOfScan) && content.includes(startOfScan);
}
