/** Folders of a data set, in the order of a manifest; training/breeds/folders.py says the same. */
export const splits = ["train", "valid", "test"] as const;

export type Split = (typeof splits)[number];

/** The endings that training takes as images. */
export function isImageName(name: string): boolean {
  return /^.+\.(?:jpe?g|png)$/is.test(name);
}

/** By code point, as Python sorts; JavaScript's own order differs beyond the basic plane. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
