import { createHash, createHmac, createSecretKey } from "node:crypto";
import { toUint8Array } from "@smithy/core/serde";

type SourceData = Parameters<typeof toUint8Array>[0];

/**
 * SHA-256 of what it is given, keyed where there is a secret: the client's signatures are made of it.
 *
 * The SDK's own hands `createHmac` the signing key as bytes. For such a key Node 24 takes several times as long as for a key object of the
 * same bytes, and every call is signed once.
 */
export class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", createSecretKey(toUint8Array(secret)));
  }

  update(data: SourceData): void {
    this.#hash.update(toUint8Array(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}
