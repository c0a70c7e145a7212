import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packTrainingCode, trainingFolder } from "../infra/training-code";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "training-code-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Paths in an uncompressed archive without long paths. */
function paths(archive: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; archive[at] !== 0; ) {
    const field = (from: number, to: number) =>
      archive
        .subarray(at + from, at + to)
        .toString("utf8")
        .replace(/\0.*$/s, "");
    found.push(field(0, 100));
    at += 512 + Math.ceil(Number.parseInt(field(124, 136), 8) / 512) * 512;
  }
  return found;
}

describe("packTrainingCode", () => {
  const folders: string[] = [];
  const folder = (files: Readonly<Record<string, string>>) => {
    const made = folderWith(files);
    folders.push(made);
    return made;
  };
  after(() => {
    for (const made of folders) rmSync(made, { recursive: true });
  });

  it("packs sources and requirements, and leaves out tests, caches, documents and links", () => {
    const source = folder({
      "train.py": "print(1)",
      "requirements.txt": "torch",
      "pyproject.toml": "",
      "breeds/model.py": "",
      "breeds/__pycache__/model.cpython-312.pyc": "",
      "breeds/__pycache__/x.py": "",
      "tests/test_model.py": "",
      "bench/main.py": "",
      ".venv/lib/x.py": "",
      ".hidden.py": "",
      "breeds.egg-info/requires.txt": "",
      "README.md": "",
      "model.safetensors": "",
    });
    symlinkSync(join(source, "train.py"), join(source, "link.py"));

    assert.deepEqual(paths(gunzipSync(packTrainingCode(source).archive)), [
      "breeds/model.py",
      "pyproject.toml",
      "requirements.txt",
      "train.py",
    ]);
  });

  it("is named by the digest of what is in it, not by when or where it was checked out", () => {
    const one = folder({ "train.py": "print(1)", "breeds/model.py": "a" });
    const other = folder({ "breeds/model.py": "a", "train.py": "print(1)" });
    utimesSync(join(other, "train.py"), 1, 1);

    const packed = packTrainingCode(one);
    assert.deepEqual(packTrainingCode(other), packed);
    assert.equal(packed.digest, createHash("sha256").update(gunzipSync(packed.archive)).digest("hex"));
    writeFileSync(join(other, "breeds/model.py"), "b");
    assert.notEqual(packTrainingCode(other).digest, packed.digest);
  });

  it("says what is missing when there is no program, or no folder", () => {
    const empty = folder({ "breeds/model.py": "" });

    assert.throws(() => packTrainingCode(empty), {
      message: `There is no train.py in ${empty}, so the jobs would have nothing to run. Restore the training folder, or check out the repository again.`,
    });
    assert.throws(
      () => packTrainingCode(join(empty, "none")),
      /The training package cannot be read from .*none/,
    );
  });

  it("packs the project's own package", () => {
    const packed = paths(gunzipSync(packTrainingCode(trainingFolder).archive));

    assert.ok(packed.includes("train.py"));
    assert.ok(packed.every((path) => !path.startsWith("tests/")));
  });
});
