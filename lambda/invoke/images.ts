import { dimensionsOf, type ImageType } from "./dimensions";
import { malformed, Problem } from "./errors";

export interface Image {
  readonly bytes: Uint8Array;
  readonly contentType: ImageType;
}

const signatures: readonly (readonly [ImageType, readonly number[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/**
 * A file of a few kilobytes can tell of more pixels than the container has memory for. Pillow warns from 89 million on:
 * https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
 */
export const maximumPixels = 50_000_000;

/** The type that the first bytes tell; a header or a file name can say anything. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  return signatures.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte))?.[0];
}

/**
 * Bytes as an image that the endpoint may get.
 *
 * @throws Problem 413 above `maxBytes` or above `maximumPixels`, 415 for anything but JPEG and PNG.
 */
export function imageOf(bytes: Uint8Array, maxBytes: number): Image {
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes);
  const contentType = imageType(bytes);
  if (contentType === undefined)
    throw new Problem(415, "unsupported-image", "The image is neither JPEG nor PNG.");
  const dimensions = dimensionsOf(bytes, contentType);
  // A file without dimensions is left to the model, which refuses what it cannot decode.
  if (dimensions !== undefined && dimensions.width * dimensions.height > maximumPixels) {
    throw new Problem(
      413,
      "image-too-large",
      `The image has ${dimensions.width} x ${dimensions.height} pixels; at most ${maximumPixels} in all are taken.`,
    );
  }
  return { bytes, contentType };
}

/**
 * The image in base64 text.
 *
 * @throws Problem 400 for text that is not base64, 413 above `maxBytes`, 415 for anything but JPEG and PNG.
 */
export function decodeImage(base64: string, maxBytes: number): Image {
  return imageOf(decodeBase64(base64, maxBytes, "image"), maxBytes);
}

/**
 * The bytes of base64 text. The size is checked before decoding, the alphabet by what comes out: Node skips what is not base64
 * instead of refusing it, and so ends with fewer bytes. It also takes the alphabet of URLs, which is refused here.
 *
 * @param what the text is, as the refusal names it.
 * @throws Problem 400 for text that is not base64, 413 when it decodes to more than `maxBytes`.
 */
export function decodeBase64(text: string, maxBytes: number, what: "image" | "body"): Buffer {
  const unpadded = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  const size = Math.floor((unpadded * 3) / 4);
  if (size > maxBytes) throw what === "image" ? tooLarge(size, maxBytes) : bodyTooLarge(size, maxBytes);
  const bytes = Buffer.from(text, "base64");
  if (
    size === 0 ||
    text.length % 4 !== 0 ||
    bytes.length !== size ||
    text.includes("-") ||
    text.includes("_")
  )
    throw malformed(`The ${what} is not base64 text, padded and without line breaks.`);
  return bytes;
}

export function tooLarge(bytes: number, maxBytes: number): Problem {
  return new Problem(413, "image-too-large", `The image has ${bytes} bytes; at most ${maxBytes} are taken.`);
}

function bodyTooLarge(bytes: number, maxBytes: number): Problem {
  return new Problem(413, "body-too-large", `The body has ${bytes} bytes; at most ${maxBytes} are taken.`);
}
