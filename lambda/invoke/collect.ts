import type { Readable } from "node:stream";

/** A body that is longer than it may be; it was not read to its end. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

/**
 * The bytes of a stream. Counting while reading is what bounds them: a length that a sender declares may be absent or wrong.
 *
 * @throws TooLong above `maxBytes`; the stream's own error; an error with code ECONNRESET when it ends early.
 */
export function collect(stream: Readable, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) stream.destroy(new TooLong(`more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    stream.on("error", reject);
    stream.on("end", () => {
      const [first] = chunks;
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size));
    });
    stream.on("close", () => {
      if (!stream.readableEnded)
        reject(Object.assign(new Error("The answer ended early."), { code: "ECONNRESET" }));
    });
  });
}
