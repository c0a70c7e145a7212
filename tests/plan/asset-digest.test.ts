import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assetDigests } from "../../plan/asset-digest";
import { ProgramError } from "../../plan/errors";
import { archiveSignature, assetSignature, signatureKey } from "../../plan/wire";

const asset = (fields: Record<string, string>) => ({ [signatureKey]: assetSignature, ...fields });
const archive = (path: string) => ({ [signatureKey]: archiveSignature, path });
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("plan/asset-digest", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "plan-assets-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("digests a text, a file and a file as archive by their content, sizes in bytes", () => {
    writeFileSync(join(directory, "a.txt"), "wüff");
    const digest = assetDigests(directory);

    assert.deepEqual(digest(asset({ text: "wüff" })), { sha256: sha256("wüff"), bytes: 5 });
    assert.deepEqual(digest(asset({ path: "a.txt" })), { sha256: sha256("wüff"), bytes: 5 });
    assert.deepEqual(digest(archive("a.txt")), { sha256: sha256("wüff"), bytes: 5 });
  });

  it("digests a remote asset by its URI, fetching nothing", () => {
    const uri = "https://example.com/code.zip";

    assert.deepEqual(assetDigests(directory)(asset({ uri })), { sha256: sha256(uri), bytes: 0 });
  });

  it("tells folders apart by names, contents and depth", () => {
    const build = (name: string, files: Record<string, string>) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(directory, name, path, ".."), { recursive: true });
        writeFileSync(join(directory, name, path), text);
      }
      return assetDigests(directory)(archive(name)).sha256;
    };
    const base = build("one", { "a.js": "1", "lib/b.js": "2" });

    assert.equal(build("two", { "lib/b.js": "2", "a.js": "1" }), base);
    assert.notEqual(build("three", { "a.js": "1", "lib/b.js": "3" }), base);
    renameSync(join(directory, "two", "a.js"), join(directory, "two", "c.js"));
    assert.notEqual(assetDigests(directory)(archive("two")).sha256, base);
  });

  it("says which file is missing and what its path is relative to", () => {
    assert.throws(
      () => assetDigests(directory)(asset({ path: "none.txt" })),
      (thrown: unknown) => {
        assert.ok(thrown instanceof ProgramError);
        assert.equal(
          thrown.message,
          `The program names the file ${join(directory, "none.txt")} as an asset, but it cannot be read. ` +
            "Create it, or correct the path; paths are relative to the program's directory.",
        );
        return true;
      },
    );
  });
});
