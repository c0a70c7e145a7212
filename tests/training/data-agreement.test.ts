import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { it } from "mocha";
import { readDataSet } from "../../cli/commands/data-check";
import { encodeJpeg } from "../../cli/core/data/jpeg";
import { sampleFiles } from "../../cli/core/data/sample-set";
import { projectRoot } from "../../cli/core/project-root";
import { runChild } from "../../cli/core/python/run-child";
import { describeWithPython } from "./describe-with-python";

/** What the command line writes and computes in TypeScript, against what training does with it in Python. */
describeWithPython("data, as training sees it", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-agreement-"));
  after(() => rmSync(folder, { recursive: true }));
  const run = async (program: string, ...args: readonly string[]) => {
    const { status, output } = await runChild(python(), ["-c", program, ...args], {
      cwd: join(projectRoot, "training"),
      env: { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    });
    assert.equal(status, 0, output);
    return output.trim();
  };
  const writeInto = (root: string, path: string, content: Uint8Array) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };

  it("has the same digest in both, whatever lies beside the images and however they are named", async () => {
    const root = join(folder, "set");
    for (const { path, bytes } of sampleFiles({ classes: 3, perClass: 4, size: 16, seed: 5 }))
      writeInto(root, path, bytes());
    const more = [...sampleFiles({ classes: 2, perClass: 30, size: 16, seed: 6 })].map(({ bytes }) =>
      bytes(),
    );
    // Names that two languages could sort or tell apart differently.
    const names = [
      "Z",
      "a",
      "é",
      "e\u0301",
      "\u{1F415}",
      "\uFF5E",
      "a.b",
      "a b",
      "a-",
      "..a",
      "1",
      "10",
      "9",
    ];
    for (const name of names)
      writeInto(root, `train/001.Red_vertical/${name}.JPG`, more.pop() ?? new Uint8Array());
    for (const split of ["train", "valid", "test"]) {
      writeInto(root, `${split}/\u{1F415}.Dog/a.jpeg`, more.pop() ?? new Uint8Array());
      writeInto(root, `${split}/\uFF5E.Wave/a.png`, more.pop() ?? new Uint8Array());
      writeInto(root, `${split}/001.Red_vertical-too/a.png`, more.pop() ?? new Uint8Array());
      writeInto(root, `${split}/.hidden/a.jpg`, more.pop() ?? new Uint8Array());
    }
    for (const path of [
      "README.md",
      "train/notes.txt",
      "train/001.Red_vertical/.jpg",
      "train/001.Red_vertical/a.gif",
    ])
      writeInto(root, path, Buffer.from("no image"));

    const { manifest, problems } = await readDataSet(root, { write: () => true });
    const trained = await run(
      `import sys
from pathlib import Path
from breeds.folders import scan, verify
class Alone:
    leads = True
    def gather(self, value):
        return [value]
print(verify(scan(Path(sys.argv[1])), Alone()))`,
      root,
    );

    assert.deepEqual(problems, []);
    assert.equal(manifest?.digest, trained);
  });

  it("has JPEGs that decode to the pixels they were made of", async () => {
    const [width, height] = [61, 43];
    const pixel = (x: number, y: number) => [x * 4, y * 5, 255 - x - y];
    const rgb = Uint8Array.from({ length: height }, (_, y) => y).reduce<number[]>(
      (all, y) => all.concat(...Array.from({ length: width }, (_, x) => pixel(x, y))),
      [],
    );
    for (const quality of [30, 75, 90, 100])
      writeInto(folder, `q${quality}.jpg`, encodeJpeg({ width, height, rgb: Uint8Array.from(rgb) }, quality));

    const told = await run(
      `import sys, numpy
from PIL import Image
x, y = numpy.meshgrid(numpy.arange(61), numpy.arange(43))
wanted = numpy.stack([x * 4, y * 5, 255 - x - y], axis=2).astype(float)
for quality in (30, 75, 90, 100):
    image = Image.open(f"{sys.argv[1]}/q{quality}.jpg")
    assert image.size == (61, 43) and image.mode == "RGB", (image.size, image.mode)
    print(round(float(numpy.abs(numpy.asarray(image, dtype=float) - wanted).mean()), 2))`,
      folder,
    );

    const errors = told.split("\n").map(Number);
    const most = [5, 2.5, 1.5, 0.8];
    assert.equal(errors.length, 4);
    errors.forEach((error, index) => {
      assert.ok(error <= (most[index] ?? 0), told);
    });
  });
});
