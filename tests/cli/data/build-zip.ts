import { crc32, deflateRawSync } from "node:zlib";

export interface BuiltEntry {
  readonly name: string | Buffer;
  readonly content?: Uint8Array;
  /** Unix mode with its type bits. @default 0o100644 */
  readonly mode?: number;
  /** What the archive claims instead of the truth. */
  readonly claims?: { readonly bytes?: number; readonly crc32?: number; readonly encrypted?: boolean };
  /** Data of this earlier entry, instead of its own: entries that overlap. */
  readonly sharesWith?: number;
}

const utf8 = 0x800;
const encrypted = 0x1;

/** A zip archive, byte by byte, so that it can say what no archiver would: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function buildZip(entries: readonly BuiltEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const { name, content = new Uint8Array(), mode = 0o100644, claims = {}, sharesWith } of entries) {
    const data = deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const flags = utf8 | (claims.encrypted === true ? encrypted : 0);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(claims.crc32 ?? crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(claims.bytes ?? content.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const offset = sharesWith === undefined ? at : (offsets[sharesWith] ?? 0);
    offsets.push(offset);
    if (sharesWith === undefined) {
      const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, nameBytes, data]);
      locals.push(local);
      at += local.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), fields, tail, nameBytes]),
    );
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, listed, Buffer.from("PK\u0005\u0006"), end]);
}
