import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ProgramError } from "./errors";
import { byCodeUnit, isJsonObject, type JsonObject } from "./json-value";
import { type AssetDigest, archiveSignature, signatureOf } from "./wire";

/**
 * Digests assets and archives by content, so that a plan shows that code changed without showing the code.
 * Paths are relative to `directory`, the program's working directory. Remote assets are digested by their URI: a plan
 * fetches nothing. Each wire value is read once.
 */
export function assetDigests(directory: string): AssetDigest {
  const seen = new WeakMap<JsonObject, { sha256: string; bytes: number }>();
  const digest: AssetDigest = (value) => {
    const known = seen.get(value);
    if (known !== undefined) return known;
    const result = digestOf(value, directory, digest);
    seen.set(value, result);
    return result;
  };
  return digest;
}

function digestOf(value: JsonObject, directory: string, digest: AssetDigest) {
  const hash = createHash("sha256");
  let bytes = 0;
  const members = value.assets;
  if (isJsonObject(members)) {
    for (const name of Object.keys(members).sort(byCodeUnit)) {
      const member = digest(members[name] as JsonObject);
      hash.update(`${name}\0${member.sha256}\n`);
      bytes += member.bytes;
    }
  } else if (typeof value.path === "string") {
    bytes = digestPath(hash, resolve(directory, value.path), signatureOf(value) === archiveSignature);
  } else {
    const content = typeof value.text === "string" ? value.text : String(value.uri ?? "");
    hash.update(content);
    bytes = value.uri === undefined ? Buffer.byteLength(content) : 0;
  }
  return { sha256: hash.digest("hex"), bytes };
}

function digestPath(hash: Hash, path: string, archive: boolean): number {
  try {
    if (!archive || !statSync(path).isDirectory()) {
      const content = readFileSync(path);
      hash.update(content);
      return content.byteLength;
    }
    return digestDirectory(hash, path, "");
  } catch (cause) {
    throw new ProgramError(
      `The program names the file ${path} as ${archive ? "an archive" : "an asset"}, but it cannot be read. ` +
        "Create it, or correct the path; paths are relative to the program's directory.",
      { cause },
    );
  }
}

function digestDirectory(hash: Hash, root: string, relative: string): number {
  let bytes = 0;
  const entries = readdirSync(join(root, relative), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
    const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) {
      bytes += digestDirectory(hash, root, path);
    } else {
      const content = readFileSync(join(root, path));
      hash.update(`${path}\0${content.byteLength}\0`).update(content);
      bytes += content.byteLength;
    }
  }
  return bytes;
}
