import { createHash } from "node:crypto";
import type { HashedImage } from "./hash-images";
import { compareNames, splits } from "./layout";

export interface Manifest {
  /** `<sha256>  <path>` a line, as `sha256sum --check` reads it, without an end of the last line. */
  readonly text: string;
  /** SHA-256 of the text, 64 hexadecimal digits: what `storage.data.manifestDigest` takes. */
  readonly digest: string;
}

/**
 * What a data set consists of. The digest is the one that training computes of the folder it is given and writes into
 * metrics.json (training/breeds/folders.py), so that a model can be traced to the data that was uploaded.
 *
 * @param images in any order.
 * @throws Error for an image without a digest.
 */
export function manifestOf(
  images: readonly Pick<HashedImage, "split" | "className" | "path" | "sha256">[],
): Manifest {
  const lines = [...images].sort(inOrder).map(({ path, sha256 }) => {
    if (sha256 === undefined) throw new Error(`${path} has no digest.`);
    return `${sha256}  ${path}`;
  });
  const text = lines.join("\n");
  return { text, digest: createHash("sha256").update(text).digest("hex") };
}

type Ordered = Pick<HashedImage, "split" | "className" | "path">;

function inOrder(a: Ordered, b: Ordered): number {
  return (
    splits.indexOf(a.split) - splits.indexOf(b.split) ||
    compareNames(a.className, b.className) ||
    compareNames(a.path, b.path)
  );
}
