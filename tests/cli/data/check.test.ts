import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { imageFault } from "../../../cli/core/data/image-fault";
import { encodeJpeg } from "../../../cli/core/data/jpeg";
import { compareNames, isImageName, splits } from "../../../cli/core/data/layout";
import { manifestOf } from "../../../cli/core/data/manifest";
import { dataTools, smallSet } from "./data-tools";

const red = "001.Red_vertical";
const green = "002.Green_horizontal";

describe("data check", () => {
  const { fresh, write, run } = dataTools();
  const complete = () => write(fresh(), smallSet());
  const problemsOf = async (root: string): Promise<readonly string[]> => {
    const { status, stdout } = await run(["check", root, "--json"]);
    const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: readonly string[] };
    assert.equal(status, ok ? 0 : 1);
    assert.equal(ok, problems.length === 0);
    return problems;
  };

  it("counts classes and splits, and gives the digest of the manifest", async () => {
    const root = complete();

    const { status, stdout, stderr } = await run(["check", root]);

    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      [
        "2 classes, 8 images, 4.9 kB",
        "",
        "class                 train  valid  test",
        "001.Red_vertical          2      1     1",
        "002.Green_horizontal      2      1     1",
        "all                       4      2     2",
        "",
        "No problem.",
        `Manifest ${createHash("sha256").update(manifestText(smallSet())).digest("hex")}`,
        "",
      ].join("\n"),
    );
  });

  const damage: readonly [string, (root: string) => void, readonly RegExp[]][] = [
    [
      "a split is missing",
      (root) => rmSync(join(root, "valid"), { recursive: true }),
      [/no folder valid/, /valid has no image of 001\.Red_vertical, 002/],
    ],
    [
      "a class is missing in a split",
      (root) => rmSync(join(root, "test", red), { recursive: true }),
      [/^test has no image of 001\.Red_vertical: every/],
    ],
    [
      "a class is in one split only",
      (root) => writeInto(root, `test/003.New/a.jpg`, picture(1)),
      [/^test has classes that train has not: 003\.New\.$/],
    ],
    ["a class has a folder and no image", (root) => mkdirSync(join(root, "train/003.Empty")), []],
    [
      "an image is empty",
      (root) => writeInto(root, `train/${red}/a.jpg`, Buffer.alloc(0)),
      [/^train\/001\.Red_vertical\/a\.jpg is empty\.$/],
    ],
    [
      "an image is a page",
      (root) => writeInto(root, `train/${red}/a.png`, Buffer.from("<html>")),
      [/a\.png is neither JPEG nor PNG\.$/],
    ],
    [
      "an image is a resource fork",
      (root) => writeInto(root, `train/${red}/._a.jpg`, Buffer.from("\0\x05\x16\x07")),
      [/\._a\.jpg is neither/],
    ],
    [
      "an image ends early",
      (root) => writeInto(root, `train/${red}/a.jpg`, picture(2).subarray(0, -20)),
      [/ends before the end of the picture/],
    ],
    [
      "an image is a folder",
      (root) => mkdirSync(join(root, `train/${red}/a.jpg`)),
      [/is named as an image and is no file/],
    ],
    [
      "an image is a link to nothing",
      (root) => symlinkSync("nowhere", join(root, `train/${red}/a.jpg`)),
      [/is named as an image and is no file/],
    ],
    [
      "a name has a line break",
      (root) => writeInto(root, `train/${red}/a\nb.jpg`, picture(3)),
      [/a\?b\.jpg has a line break/],
    ],
    [
      "an image is in two splits",
      (root) =>
        writeInto(root, `valid/${green}/a.jpg`, smallSet().get(`train/${red}/Red_vertical_00001.jpg`)),
      [
        /^train\/001\.Red_vertical\/Red_vertical_00001\.jpg and valid\/002\.Green_horizontal\/a\.jpg are the same image in two splits/,
      ],
    ],
    [
      "there is one class only",
      (root) => {
        for (const split of splits) rmSync(join(root, split, green), { recursive: true });
      },
      [/train has one class with images; at least 2/],
    ],
  ];
  for (const [what, damaged, expected] of damage) {
    it(`${expected.length === 0 ? "takes it" : "has a problem"} where ${what}`, async () => {
      const root = complete();
      damaged(root);

      const problems = await problemsOf(root);

      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
    });
  }

  it("names the problems, and few of many alike, to people", async () => {
    const root = complete();
    for (let number = 0; number < 30; number++)
      writeInto(root, `train/${red}/empty_${String(number).padStart(2, "0")}.jpg`, Buffer.alloc(0));

    const { status, stdout } = await run(["check", root]);

    assert.equal(status, 1);
    assert.match(stdout, /11 problems\n {2}train\/001\.Red_vertical\/empty_00\.jpg is empty\.\n/);
    assert.match(stdout, /… and 20 more files alike\.\n$/);
  });

  it("notes what training takes and people may want to know", async () => {
    const root = complete();
    writeInto(root, "README.md", Buffer.from("x"));
    writeInto(root, `train/${red}/again.jpg`, smallSet().get(`train/${red}/Red_vertical_00001.jpg`));
    writeInto(root, `train/${green}/again.jpg`, smallSet().get(`train/${red}/Red_vertical_00001.jpg`));
    for (const split of splits)
      writeInto(root, `${split}/007.Blue/a.jpg`, picture(10 + splits.indexOf(split)));
    for (let number = 0; number < 10; number++)
      writeInto(root, `train/${red}/more_${number}.jpg`, picture(20 + number));

    const { status, stdout } = await run(["check", root, "--json"]);

    assert.equal(status, 0);
    assert.deepEqual((JSON.parse(stdout) as { notes: unknown }).notes, [
      "2 images are in the same split twice.",
      "Of these, in two classes, so that one is wrong: train/001.Red_vertical/Red_vertical_00001.jpg = train/002.Green_horizontal/again.jpg.",
      "007.Blue is class 3 by name: labels follow the order of the names, not the numbers in them.",
      "The largest class has 13 images to train on, the smallest 1: read the recall per class, too.",
      "1 entry is passed over: README.md.",
    ]);
  });

  it("shows some of many classes, and all with --full", async () => {
    const root = complete();
    for (let number = 3; number <= 25; number++)
      for (const split of splits)
        writeInto(
          root,
          `${split}/${String(number).padStart(3, "0")}.More/a.jpg`,
          picture(100 * splits.indexOf(split) + number),
        );

    const [some, all] = [await run(["check", root]), await run(["check", root, "--full"])];

    assert.match(some.stdout, /… and 5 more classes; --full shows them all\./);
    assert.equal(some.stdout.match(/^0\d\d\./gm)?.length, 20);
    assert.equal(all.stdout.match(/^0\d\d\./gm)?.length, 25);
  });

  it("fits a narrow terminal", async () => {
    const root = complete();
    for (const split of splits)
      writeInto(root, `${split}/003.${"Long_".repeat(20)}/a.jpg`, picture(splits.indexOf(split)));

    const { stdout } = await run(["check", root], { COLUMNS: "60" });

    const table = stdout.split("\n\n")[1] ?? "";
    assert.ok(
      table.split("\n").every((line) => line.length <= 60),
      table,
    );
  });

  it("refuses a folder that is not there", async () => {
    const { status, stderr } = await run(["check", fresh()]);

    assert.equal(status, 2);
    assert.match(stderr, /cannot be read \(ENOENT\)\. Name the folder that train, valid and test lie in\.$/);
  });
});

describe("data manifest", () => {
  const { fresh, write, run } = dataTools();

  it("writes what sha256sum reads, and prints its digest and what to do with it", async () => {
    const root = write(fresh(), smallSet());
    const file = fresh();

    const { status, stdout, stderr } = await run(["manifest", root, "-o", file]);

    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(file, "utf8"), manifestText(smallSet()));
    assert.equal(
      stdout,
      [
        digest,
        `Wrote ${file}: 8 images. sha256sum --check reads it.`,
        "In a stack's configuration:",
        `  pulumi config set --path sagemaker-ops:storage.data.manifestDigest ${digest}`,
        "",
      ].join("\n"),
    );
  });

  it("refuses data with a problem, and writes nothing", async () => {
    const root = write(fresh(), smallSet());
    rmSync(join(root, "test"), { recursive: true });
    const file = fresh();

    const { status, stdout, stderr } = await run(["manifest", root, "-o", file]);

    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /There is no folder test/);
    assert.throws(() => readFileSync(file), /ENOENT/);
  });

  const someImage = fc.record({
    split: fc.constantFrom(...splits),
    className: fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
    name: fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
    sha256: fc.constantFrom("a".repeat(64), "b".repeat(64)),
  });
  const images = fc
    .uniqueArray(someImage, {
      maxLength: 12,
      selector: ({ split, className, name }) => `${split}/${className}/${name}`,
    })
    .map((list) =>
      list.map((image) => ({ ...image, path: `${image.split}/${image.className}/${image.name}` })),
    );

  it("depends on names and contents, and not on the order they are found in", () => {
    fc.assert(
      fc.property(images, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, random) => {
        const keyed = list.map((image) => ({ image, key: random.next().value }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ image }) => image);

        assert.deepEqual(manifestOf(shuffled), manifestOf(list));
      }),
    );
  });

  it("differs where one content, one name or one image more is different", () => {
    fc.assert(
      fc.property(images, fc.nat(), (list, at) => {
        fc.pre(list.length > 0);
        const index = at % list.length;
        const changed = list.map((image, place) =>
          place === index ? { ...image, sha256: "c".repeat(64) } : image,
        );
        const fewer = list.filter((_, place) => place !== index);

        const digests = [list, changed, fewer].map((one) => manifestOf(one).digest);
        assert.equal(new Set(digests).size, 3);
      }),
    );
  });

  it("is ordered by class before name, where a path would sort otherwise", () => {
    const image = (className: string) => ({
      ...{ split: "train" as const, className, sha256: "a".repeat(64) },
      path: `train/${className}/x.jpg`,
    });

    const { text } = manifestOf([image("a-b"), image("a"), image("B")]);

    assert.deepEqual(
      text.split("\n").map((line) => line.slice(66)),
      ["train/B/x.jpg", "train/a/x.jpg", "train/a-b/x.jpg"],
    );
  });

  it("is ordered by code point, as Python sorts", () => {
    assert.deepEqual(["\u{1F415}", "\uFFFD", "b", "a", "B"].sort(compareNames), [
      "B",
      "a",
      "b",
      "\uFFFD",
      "\u{1F415}",
    ]);
  });
});

describe("what counts as an image", () => {
  it("is told by the ending, as in training", () => {
    for (const name of ["a.jpg", "a.JPEG", "a.b.png", "..jpg", "a.Jpg"])
      assert.equal(isImageName(name), true, name);
    for (const name of [".jpg", "a.jpg.txt", "jpg", "a.gif", "a.jpg ", ""])
      assert.equal(isImageName(name), false, name);
  });

  it("has no fault where something follows the picture, and where a thumbnail stands before it", () => {
    const thumbnail = Buffer.from([0xff, 0xe1, 0, 8, 0xff, 0xda, 0, 0, 0xff, 0xd9]);
    const [start, rest] = [picture(1).subarray(0, 2), picture(1).subarray(2)];

    assert.equal(imageFault(Buffer.concat([picture(1), Buffer.alloc(300)])), undefined);
    assert.equal(imageFault(Buffer.concat([start, thumbnail, rest])), undefined);
    assert.equal(imageFault(Buffer.concat([start, thumbnail, rest.subarray(0, -2)]))?.code, "truncated");
  });

  it("has a fault where it claims more pixels than are decoded", () => {
    const large = Buffer.from(picture(1));
    const frame = large.indexOf(Buffer.from([0xff, 0xc0]));
    large.writeUInt16BE(60_000, frame + 5);
    large.writeUInt16BE(60_000, frame + 7);

    assert.deepEqual(imageFault(large), {
      code: "too-many-pixels",
      text: "has 60000 x 60000 pixels; at most 50000000 are decoded",
    });
  });

  it("never breaks the judge, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom("", "ffd8ff", "89504e470d0a1a0a"),
        (bytes, head) => {
          imageFault(Buffer.concat([Buffer.from(head, "hex"), bytes]));
        },
      ),
    );
  });
});

/** Independent of the product's own: `sha256sum` over the files in the order of the splits, then of their paths. */
function manifestText(files: ReadonlyMap<string, Uint8Array>): string {
  return splits
    .flatMap((split) => [...files.keys()].filter((path) => path.startsWith(`${split}/`)).sort())
    .map(
      (path) =>
        `${createHash("sha256")
          .update(files.get(path) ?? "")
          .digest("hex")}  ${path}`,
    )
    .join("\n");
}

function picture(seed: number): Buffer {
  const rgb = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => (at * 31 + seed * 101) & 255);
  return Buffer.from(encodeJpeg({ width: 8, height: 8, rgb }));
}

function writeInto(root: string, path: string, content: Uint8Array | undefined): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content ?? "");
}
