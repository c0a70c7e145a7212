/** One regular file of an archive. */
export interface TarFile {
  /** Path inside the archive, with slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

const blockBytes = 512;
const nameBytes = 100;
const prefixBytes = 155;

/**
 * A POSIX ustar archive whose bytes depend on paths and contents alone: sorted by path, time 0, owner 0, mode 0644.
 * Two machines, or two checkouts, produce the same archive, so its digest names the code in it.
 *
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 *
 * @throws RangeError for a path that the format cannot hold, or one that occurs twice.
 */
export function tar(files: readonly TarFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find(({ path }, index) => path === sorted[index - 1]?.path);
  if (twice !== undefined) throw new RangeError(`the archive would hold "${twice.path}" twice`);
  return Buffer.concat([
    ...sorted.flatMap(({ path, content }) => [
      header(path, content.length),
      content,
      padding(content.length),
    ]),
    Buffer.alloc(2 * blockBytes),
  ]);
}

function padding(length: number): Buffer {
  return Buffer.alloc((blockBytes - (length % blockBytes)) % blockBytes);
}

function header(path: string, size: number): Buffer {
  const [prefix, name] = splitPath(path);
  const block = Buffer.alloc(blockBytes);
  block.write(name, 0, "utf8");
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum counts its own field as spaces.
  block.write(" ".repeat(8), 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  block.write(prefix, 345, "utf8");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, "0")}\u0000`;
}

/** ustar holds the last 100 bytes of a path as the name and up to 155 before them, cut at a slash, as the prefix. */
function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= nameBytes) return ["", path];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= prefixBytes && Buffer.byteLength(name) <= nameBytes && name !== "") {
      return [prefix, name];
    }
  }
  throw new RangeError(
    `"${path}" is too long for a tar archive: at most ${nameBytes} bytes of name and ${prefixBytes} of folders`,
  );
}
