/** A file of an archive; its bytes come in pieces, all of them before the next file. */
export interface TarEntry {
  /** Without a leading `./`. */
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
}

/** What a reader does with one file's bytes. */
export interface TarSink {
  readonly begin: (entry: TarEntry) => void;
  readonly data: (chunk: Buffer) => void;
  readonly end: () => void;
}

const block = 512;
/** Far above what the extended header of one file holds. */
const maxHeaderBytes = 1 << 20;

/**
 * Reads a tar stream (ustar, with the extended headers of POSIX and of GNU) without holding more than one block of it.
 *
 * @throws Error where the stream is cut off or is no tar.
 */
export async function readTar(source: AsyncIterable<Buffer>, sink: TarSink): Promise<void> {
  let held: Buffer = Buffer.alloc(0);
  let current: { left: number; padding: number; header: Buffer[] | undefined } | undefined;
  let extended: { path?: string; size?: number } = {};
  let type = "";
  let over = false;

  const finish = (header: Buffer[] | undefined) => {
    if (header === undefined) sink.end();
    else extended = { ...extended, ...extendedHeader(type, Buffer.concat(header)) };
  };

  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (at < held.length) {
      if (over) {
        at = held.length;
      } else if (current !== undefined && current.left > 0) {
        const piece = held.subarray(at, at + current.left);
        if (current.header === undefined) sink.data(piece);
        else current.header.push(Buffer.from(piece));
        current.left -= piece.length;
        at += piece.length;
        if (current.left === 0) finish(current.header);
      } else if (current !== undefined && current.padding > 0) {
        const skipped = Math.min(current.padding, held.length - at);
        current.padding -= skipped;
        at += skipped;
      } else {
        if (held.length - at < block) break;
        const header = held.subarray(at, at + block);
        at += block;
        current = undefined;
        if (header.every((byte) => byte === 0)) {
          over = true;
          continue;
        }
        const read = readHeader(header);
        type = read.type;
        const isExtended = ["x", "g", "L", "K"].includes(type);
        const size = isExtended ? read.size : (extended.size ?? read.size);
        if (isExtended && size > maxHeaderBytes) throw new Error("an extended header is too long");
        current = {
          left: size,
          padding: (block - (size % block)) % block,
          header: isExtended ? [] : undefined,
        };
        if (!isExtended) {
          sink.begin({
            name: (extended.path ?? read.name).replace(/^\.\//, ""),
            kind: type === "0" || type === "\0" || type === "7" ? "file" : type === "5" ? "folder" : "other",
            sizeBytes: size,
          });
          extended = {};
        }
        if (size === 0) finish(current.header);
      }
    }
    held = held.subarray(at);
  }
  if (!over) throw new Error("the archive is cut off");
}

function readHeader(header: Buffer): { readonly name: string; readonly size: number; readonly type: string } {
  const text = (from: number, length: number) => {
    const field = header.subarray(from, from + length);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? length : end).toString("utf8");
  };
  const expected = Number.parseInt(text(148, 8).trim(), 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== expected) throw new Error("it is no tar archive");
  const prefix = text(257, 5) === "ustar" && header[263] === 48 ? text(345, 155) : "";
  const name = text(0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: sizeIn(header.subarray(124, 136), text(124, 12)),
    type: String.fromCharCode(header[156] ?? 0),
  };
}

/** Octal digits; above 8 GiB GNU writes the number itself, with the first bit set. */
function sizeIn(field: Buffer, octal: string): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const size = Number.parseInt(octal.trim() || "0", 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new Error("a file's size is no number");
  return size;
}

/** What `x` (POSIX: `<length> <key>=<value>\n`) and `L` (GNU: the name) say about the next file. */
function extendedHeader(type: string, content: Buffer): { path?: string; size?: number } {
  if (type === "L") return { path: content.toString("utf8").replace(/\0+$/, "") };
  if (type !== "x") return {};
  const found: { path?: string; size?: number } = {};
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(32, at);
    const length = space < 0 ? 0 : Number(content.subarray(at, space).toString("latin1"));
    if (!Number.isInteger(length) || length <= space - at) throw new Error("an extended header is broken");
    const [key, ...rest] = content
      .subarray(space + 1, at + length - 1)
      .toString("utf8")
      .split("=");
    if (key === "path") found.path = rest.join("=");
    if (key === "size") found.size = Number(rest.join("="));
    at += length;
  }
  return found;
}
