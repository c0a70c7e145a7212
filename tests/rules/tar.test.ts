import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { type TarFile, tar } from "../../infra/rules/tar";

const text = (path: string, content: string): TarFile => ({ path, content: Buffer.from(content) });

/** Lists an archive with Python's tarfile, an implementation of others. */
function unpack(archive: Buffer): unknown {
  const program = `
import io, json, sys, tarfile
with tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read()), mode="r:") as archive:
    print(json.dumps([
        [m.name, archive.extractfile(m).read().hex(), m.mode, m.mtime, m.uid, m.gid, m.isfile()] for m in archive
    ]))`;
  return JSON.parse(execFileSync("python3", ["-c", program], { input: archive, encoding: "utf8" }));
}

describe("tar", () => {
  it("is an archive that others read, the same whatever the order of files", () => {
    const long = `${"folder/".repeat(14)}${"n".repeat(90)}.py`;
    const files = [text("train.py", "print(1)\n"), text("breeds/ünï.py", "x".repeat(512)), text(long, "")];

    const archive = tar(files);
    assert.deepEqual(
      unpack(archive),
      [
        ["breeds/ünï.py", Buffer.from("x".repeat(512)).toString("hex")],
        [long, ""],
        ["train.py", Buffer.from("print(1)\n").toString("hex")],
      ].map((entry) => [...entry, 0o644, 0, 0, 0, true]),
    );
    assert.deepEqual(tar([...files].reverse()), archive);
  });

  it("keeps any contents", () => {
    const files = fc.uniqueArray(
      fc.record({
        path: fc.stringMatching(/^[a-z0-9_]{1,20}(?:\/[a-z0-9_.-]{1,40}x){0,3}$/),
        content: fc.uint8Array({ maxLength: 2000 }),
      }),
      { selector: ({ path }) => path, maxLength: 5 },
    );
    fc.assert(
      fc.property(files, (entries) => {
        assert.deepEqual(
          (unpack(tar(entries)) as string[][]).map(([path, hex]) => [path, hex]),
          entries
            .map(({ path, content }) => [path, Buffer.from(content).toString("hex")] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }),
      { numRuns: 6 },
    );
  });

  it("refuses a path that it cannot hold, and one that comes twice", () => {
    assert.throws(() => tar([text("n".repeat(101), "")]), /too long for a tar archive/);
    assert.throws(() => tar([text(`${"f".repeat(160)}/train.py`, "")]), /too long for a tar archive/);
    assert.throws(() => tar([text("a.py", "1"), text("a.py", "2")]), /"a\.py" twice/);
  });
});
