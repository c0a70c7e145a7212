import { Problem } from "./errors";

export type ImageType = "image/jpeg" | "image/png";

export interface Image {
  readonly bytes: Uint8Array;
  readonly contentType: ImageType;
}

const signatures: readonly (readonly [ImageType, readonly number[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** The type that the first bytes tell; a header or a file name can say anything. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  return signatures.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte))?.[0];
}

/**
 * The image in base64 text.
 *
 * Size and alphabet are checked before decoding: Node skips characters that are not base64 instead of refusing them.
 *
 * @throws Problem 400 for text that is not base64, 413 above `maxBytes`, 415 for anything but JPEG and PNG.
 */
export function decodeImage(base64: string, maxBytes: number): Image {
  const bytes = decodeBase64(base64, maxBytes);
  const contentType = imageType(bytes);
  if (contentType === undefined)
    throw new Problem(415, "unsupported-image", "The image is neither JPEG nor PNG.");
  return { bytes, contentType };
}

/** @throws Problem 400 for text that is not base64, 413 when it decodes to more than `maxBytes`. */
export function decodeBase64(text: string, maxBytes: number): Buffer {
  const unpadded = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  const size = Math.floor((unpadded * 3) / 4);
  if (size > maxBytes)
    throw new Problem(413, "image-too-large", `The image has ${size} bytes; at most ${maxBytes} are taken.`);
  if (text === "" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new Problem(
      400,
      "malformed-request",
      "The image is not base64 text, padded and without line breaks.",
    );
  return Buffer.from(text, "base64");
}
