import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type ImageFault, imageFault } from "./image-fault";
import type { DataSet, ImageFile } from "./scan";

export interface HashedImage extends ImageFile {
  /** SHA-256 of the content, 64 hexadecimal digits; none where it cannot be read. */
  readonly sha256?: string;
  readonly fault?: ImageFault;
}

export interface HashOptions {
  /** Called after each image. */
  readonly onDone?: (done: number, all: number) => void;
  /** Files read at once. @default 8 */
  readonly concurrency?: number;
}

/** Reads every image once: its digest, and whether it is one. The order stays. */
export async function hashImages(
  { root, images }: Pick<DataSet, "root" | "images">,
  { onDone = () => {}, concurrency = 8 }: HashOptions = {},
): Promise<readonly HashedImage[]> {
  let done = 0;
  return mapConcurrently(images, concurrency, async (image) => {
    const hashed = { ...image, ...(await read(join(root, image.path))) };
    done += 1;
    onDone(done, images.length);
    return hashed;
  });
}

async function read(path: string): Promise<Pick<HashedImage, "sha256" | "fault" | "bytes">> {
  let content: Buffer;
  try {
    const file = await open(path, "r");
    try {
      content = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    return {
      bytes: 0,
      fault: { code: "unreadable", text: `cannot be read (${(error as NodeJS.ErrnoException).code})` },
    };
  }
  const fault = imageFault(content);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { bytes: content.length, sha256, ...(fault === undefined ? {} : { fault }) };
}

/** Results in the order of the items, whatever order they end in. The first error ends it, after those under way. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
