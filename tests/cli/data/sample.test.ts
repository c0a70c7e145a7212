import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, it } from "mocha";
import { imageFault } from "../../../cli/core/data/image-fault";
import { encodeJpeg } from "../../../cli/core/data/jpeg";
import { mix, sampleClassName, sampleImage } from "../../../cli/core/data/sample-image";
import { sampleFiles, splitSizes } from "../../../cli/core/data/sample-set";
import { dimensionsOf } from "../../../lambda/invoke/dimensions";
import { contentsOf, dataTools, small, smallSet } from "./data-tools";

describe("data sample", () => {
  const { folder, fresh, run } = dataTools();

  it("writes the mission's layout, and the same bytes for the same arguments", async () => {
    const [one, two, other] = [fresh(), fresh(), fresh()];
    const args = ["--classes", "2", "--per-class", "4", "--size", "16"];

    const { status, stdout, stderr } = await run(["sample", one, ...args, "--seed", "7"]);
    await run(["sample", two, ...args, "--seed", "7"]);
    await run(["sample", other, ...args, "--seed", "8"]);

    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      `Wrote 8 images of 2 classes to ${one}: of each class 2 to train, 1 to validate and 1 to test.\n`,
    );
    assert.equal(stderr, "");
    assert.deepEqual(
      [...contentsOf(one).keys()],
      [
        "test/001.Red_vertical/Red_vertical_00001.jpg",
        "test/002.Green_horizontal/Green_horizontal_00001.jpg",
        "train/001.Red_vertical/Red_vertical_00001.jpg",
        "train/001.Red_vertical/Red_vertical_00002.jpg",
        "train/002.Green_horizontal/Green_horizontal_00001.jpg",
        "train/002.Green_horizontal/Green_horizontal_00002.jpg",
        "valid/001.Red_vertical/Red_vertical_00001.jpg",
        "valid/002.Green_horizontal/Green_horizontal_00001.jpg",
      ],
    );
    assert.deepEqual(contentsOf(one), contentsOf(two));
    const [first, second] = [contentsOf(one), contentsOf(other)];
    assert.ok([...first].every(([path, content]) => second.get(path)?.equals(content) === false));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("gives the bytes that it gave on the machine it was written on", () => {
    const hash = createHash("sha256");
    for (const content of smallSet().values()) hash.update(content);

    assert.equal(hash.digest("hex"), "d8489465e0af1fa0e896ef25b26ed6db2bf066c78873164ae0ce6cf5eebafa22");
  });

  it("refuses a folder that holds anything, and leaves it alone", async () => {
    const target = fresh();
    await run(["sample", target, "--per-class", "3", "--size", "16"]);
    const before = contentsOf(target);

    const { status, stderr } = await run(["sample", target, "--seed", "2"]);

    assert.equal(status, 2);
    assert.match(stderr, /is there and holds 3 entries\. Name a folder that does not exist, or remove it\.$/);
    assert.deepEqual(contentsOf(target), before);
  });

  const refused: readonly [string, string, string][] = [
    ["--classes", "1", "from 2 to 10000"],
    ["--per-class", "2", "from 3 to 1000000"],
    ["--size", "1e3", "from 16 to 4096"],
    ["--seed", "-1", "from 0 to 2147483647"],
  ];
  for (const [option, value, range] of refused) {
    it(`refuses ${option} ${value} and names the range`, async () => {
      const { status, stderr } = await run(["sample", fresh(), `${option}=${value}`]);

      assert.equal(status, 2);
      assert.equal(stderr, `${option} is ${JSON.stringify(value)}; it must be a whole number ${range}.`);
    });
  }
});

describe("generated images", () => {
  it("are whole JPEGs of the size that was asked for, at any size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 100 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (width, height, quality, values) => {
          const rgb = Uint8Array.from(values.take(width * height * 3));
          const jpeg = encodeJpeg({ width, height, rgb }, quality);

          assert.deepEqual(dimensionsOf(jpeg, "image/jpeg"), { width, height });
          assert.equal(imageFault(Buffer.from(jpeg)), undefined);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("differ between any two places of a set", () => {
    const digests = [...sampleFiles({ ...small, classes: 12, perClass: 10 })].map(({ bytes }) =>
      createHash("sha256").update(bytes()).digest("hex"),
    );

    assert.equal(new Set(digests).size, 120);
  });

  it("depend on the order of what the seed is mixed from", () => {
    assert.notEqual(mix(1, 2), mix(2, 1));
    assert.notEqual(mix(1), mix(1, 0));
    assert.deepEqual(
      sampleImage({ classIndex: 1, size: 16, seed: 3 }),
      sampleImage({ classIndex: 1, size: 16, seed: 3 }),
    );
  });

  it("have a class name of their own, sorted as the classes are", () => {
    for (const classes of [2, 133, 1500]) {
      const names = Array.from({ length: classes }, (_, index) => sampleClassName(index, classes));

      assert.deepEqual([...new Set(names)].sort(), names);
    }
  });

  it("are shared out a tenth each to validate and to test, and never none", () => {
    assert.deepEqual(splitSizes(3), { train: 1, valid: 1, test: 1 });
    assert.deepEqual(splitSizes(20), { train: 16, valid: 2, test: 2 });
    assert.deepEqual(splitSizes(63), { train: 51, valid: 6, test: 6 });
  });
});
