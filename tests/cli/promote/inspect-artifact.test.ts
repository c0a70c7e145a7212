import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, it } from "mocha";
import { CommandError } from "../../../cli/core/exit-status";
import { inspectArtifact } from "../../../cli/core/promote/inspect-artifact";
import { type ArtifactParts, artifact, sha256 } from "./promote-tools";

/** Proves what is accepted of archives that this test, and `tar`, write; not what SageMaker's own packing looks like. */
describe("the inspection of an artifact", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-inspect-"));
  const file = join(folder, "model.tar.gz");
  after(() => rmSync(folder, { recursive: true }));

  const inspect = (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    return inspectArtifact(file, "file model.tar.gz");
  };

  it("gives the digest of the archive, its classes and its accuracy", async () => {
    const bytes = artifact({ classes: 7, accuracy: 0.25 });

    assert.deepEqual(await inspect(bytes), {
      digest: sha256(bytes),
      sizeBytes: bytes.length,
      classes: 7,
      validationAccuracy: 0.25,
    });
  });

  it("reads what GNU tar packs, in each of its formats, long names among it", async () => {
    const source = join(folder, "source");
    const long = `code/${"long-".repeat(14)}folder/${"long-".repeat(8)}name.py`;
    const written = artifact({ classes: 3 });
    mkdirSync(source);
    const unpacked = spawnSync("tar", ["-xzf", "-", "-C", source], { input: written });
    assert.equal(unpacked.status, 0, String(unpacked.stderr));
    mkdirSync(join(source, "code", `${"long-".repeat(14)}folder`), { recursive: true });
    writeFileSync(join(source, long), "print()");
    const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8")) as {
      files: Record<string, { sha256: string; bytes: number }>;
    };
    manifest.files[long] = { sha256: sha256(Buffer.from("print()")), bytes: 7 };
    writeFileSync(join(source, "manifest.json"), JSON.stringify(manifest));

    for (const format of ["gnu", "pax", "ustar"]) {
      const packed = spawnSync("tar", [`--format=${format}`, "-czf", file, "-C", source, "."]);
      assert.equal(packed.status, 0, String(packed.stderr));

      const { classes, digest } = await inspectArtifact(file, "it");

      assert.deepEqual([classes, digest], [3, sha256(readFileSync(file))], format);
    }
  });

  const replaced = (name: string, content: Buffer) => (files: Record<string, Uint8Array>) => {
    files[name] = content;
  };
  const refused: readonly (readonly [string, ArtifactParts, RegExp])[] = [
    [
      "a changed file",
      { change: replaced("model.safetensors", Buffer.from("changed")) },
      /holds model\.safetensors, which is not what its manifest says/,
    ],
    [
      "a missing file",
      { change: (files) => delete files["preprocessing.json"] },
      /lacks preprocessing\.json/,
    ],
    [
      "an unlisted file",
      { unlisted: [{ path: "code/x.py", content: Buffer.from("x") }] },
      /holds code\/x\.py, which its manifest does not list/,
    ],
    [
      "a pickle",
      { unlisted: [{ path: "model.pth", content: Buffer.from("x") }] },
      /holds model\.pth, a format that can run code/,
    ],
    [
      "a path that leaves the folder",
      { unlisted: [{ path: "../x", content: Buffer.from("x") }] },
      /"\.\.\/x", which is a link, a special file or an unsafe path/,
    ],
    ["an absolute path", { unlisted: [{ path: "/etc/x", content: Buffer.from("x") }] }, /unsafe path/],
    [
      "no manifest",
      { change: (files) => delete files["manifest.json"] },
      /has no manifest\.json that can be read/,
    ],
    [
      "a manifest that is no JSON",
      { change: replaced("manifest.json", Buffer.from("{")) },
      /has no manifest\.json/,
    ],
    [
      "an unknown format",
      { change: replaced("manifest.json", Buffer.from('{"format_version":2,"files":{}}')) },
      /has format_version 2, and 1 is known/,
    ],
    [
      "another count of classes",
      { classes: 3, toldClasses: 4 },
      /a manifest with 4 classes, and a class_to_idx\.json with 3/,
    ],
    ["one class", { classes: 1 }, /with two classes at least/],
  ];
  for (const [what, parts, expected] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(inspect(artifact(parts)), (error: Error) => {
        assert.ok(error instanceof CommandError);
        assert.match(error.message, expected);
        return true;
      });
    });
  }

  it("refuses links and what is no archive", async () => {
    const link = gunzipSync(artifact());
    link.write("2", 156);
    const sum = link
      .subarray(0, 512)
      .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    link.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);

    await assert.rejects(inspect(gzipSync(link)), /which is a link/);
    await assert.rejects(inspect(Buffer.from("hello")), /is no model\.tar\.gz that can be read/);
    await assert.rejects(
      inspect(gzipSync(Buffer.alloc(2000, 7))),
      /is no model\.tar\.gz that can be read \(it is no tar/,
    );
    await assert.rejects(inspectArtifact(join(folder, "absent"), "it"), /cannot be read \(ENOENT\)/);
    await assert.rejects(inspectArtifact(folder, "it"), /cannot be read \(EISDIR\)/);
  });

  it("takes no archive that was cut off or changed anywhere", async () => {
    const whole = artifact({ classes: 2 });
    const plain = gunzipSync(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: plain.length - 1 }),
        async (length, at) => {
          await assert.rejects(inspect(whole.subarray(0, length)), CommandError);
          const changed = Buffer.from(plain);
          changed[at] = (changed[at] ?? 0) ^ 0x21;
          const told = await inspect(gzipSync(changed)).catch((error: unknown) => error);
          // What a change of a file's owner or time, or of the filling between files, leaves as it was.
          if (!(told instanceof CommandError)) assert.equal((told as { classes: number }).classes, 2);
        },
      ),
      { numRuns: 150 },
    );
  });
});
