import { gunzipSync } from "node:zlib";
import { isReadable } from "./detect";

export type ScriptText =
  | { readonly kind: "text"; readonly text: string }
  /** Neither text nor compressed text. */
  | { readonly kind: "unreadable" };

const LONGEST = 4 * 1024 * 1024;

/** A script that is sent as base64, perhaps compressed, as cloud-init takes it. What is no base64 is taken as it is. Never throws. */
export function decodeScript(value: string): ScriptText {
  const compact = value.replace(/\s/g, "");
  if (compact === "") return { kind: "text", text: "" };
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) return { kind: "text", text: value };

  const bytes = Buffer.from(compact, "base64");
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzip(bytes) : bytes;
  const text = plain?.toString("utf8");
  if (text !== undefined && isReadable(text)) return { kind: "text", text };
  // A short word of these letters only, which decodes to noise, is a word.
  return compact.length < 24 ? { kind: "text", text: value } : { kind: "unreadable" };
}

function unzip(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LONGEST });
  } catch {
    // Not gzip after all, damaged, or larger than any user data: the caller says that it cannot be read.
    return undefined;
  }
}
