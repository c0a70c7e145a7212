import assert from "node:assert/strict";
import { join, normalize } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { foldedName, nameProblem } from "../../../cli/core/data/zip-names";
import { planExtraction, type ZipEntry } from "../../../cli/core/data/zip-plan";

const entry = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
  name,
  bytes: 10,
  compressedBytes: 10,
  unixType: name.endsWith("/") ? 0x4000 : 0x8000,
  encrypted: false,
  ...more,
});

/** Names made of what attacks are made of. */
const names = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "/",
        "\\",
        "C:",
        "con",
        "NUL.jpg",
        "a ",
        "a.",
        "\0",
        "train",
        "a.jpg",
        "~",
        "%2e%2e",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join("/"));

describe("names in an archive", () => {
  it("that are taken stay below the folder they are extracted to, on every system", () => {
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(nameProblem(name) === undefined);

        const path = join("/data/set", name);

        assert.ok(path.startsWith("/data/set/"), path);
        assert.equal(normalize(path), path);
        assert.ok(!/\p{Cc}|[\\:]/u.test(name));
      }),
      { numRuns: 2000 },
    );
  });

  const refused: readonly [string, RegExp][] = [
    ["", /is empty/],
    ["/etc/passwd", /is absolute/],
    ["C:/a.jpg", /drive letter/],
    ["c:a.jpg", /drive letter/],
    ["../a.jpg", /leaves its folder/],
    ["train/../../a.jpg", /leaves its folder/],
    ["train/..", /leaves its folder/],
    ["train/./a.jpg", /leaves its folder/],
    ["train//a.jpg", /empty part/],
    ["train\\..\\a.jpg", /backslash/],
    ["train/a\0.jpg", /control character/],
    ["train/\u001b[2J.jpg", /control character/],
    ["train/a.jpg ", /dot or a space/],
    ["train./a.jpg", /dot or a space/],
    ["train/NUL", /device on Windows/],
    ["train/com1.jpg", /device on Windows/],
    ["train/a|b.jpg", /has one of/],
    ["train/a.jpg:stream", /has one of/],
    [`train/${"é".repeat(128)}.jpg`, /more than 255 bytes/],
    [`${"a/".repeat(600)}a.jpg`, /longer than 1024 bytes/],
    ["train/a\uFFFD.jpg", /is not text/],
  ];
  for (const [name, problem] of refused) {
    it(`that are ${JSON.stringify(name.slice(0, 30))} are refused`, () => {
      assert.match(nameProblem(name) ?? "", problem);
    });
  }

  it("that people use are taken", () => {
    for (const name of [
      "train/",
      "dogImages/train/001.Affenpinscher/Köter 1.jpg",
      "a/..b/c...jpg",
      "train/console.jpg",
    ])
      assert.equal(nameProblem(name), undefined, name);
  });

  it("are one where case or the form of an accent alone differs", () => {
    assert.equal(foldedName("A/É.JPG"), foldedName("a/e\u0301.jpg"));
    assert.notEqual(foldedName("a/e.jpg"), foldedName("a/é.jpg"));
  });
});

describe("the plan of an extraction", () => {
  const image = (path: string, more: Partial<ZipEntry> = {}) => entry(`dogImages/${path}`, more);
  const good = [image("train/001.A/a.jpg"), image("valid/001.A/b.png"), image("test/001.A/c.JPEG")];
  const planned = (entries: readonly ZipEntry[], archiveBytes = 10_000) =>
    planExtraction(entries, archiveBytes);

  it("takes the images of one data set, below any one folder or none, and leaves the rest", () => {
    const { files, left, problems, bytes } = planned([
      entry("dogImages/"),
      entry("README.txt"),
      entry("__MACOSX/dogImages/train/001.A/._a.jpg"),
      image("train/001.A/._a.jpg"),
      image("train/001.A/notes.txt"),
      image("train/001.A/deeper/d.jpg"),
      image("train/.hidden/d.jpg"),
      ...good,
    ]);

    assert.deepEqual(problems, []);
    assert.deepEqual(
      files.map(({ path, index }) => [path, index]),
      [
        ["test/001.A/c.JPEG", 9],
        ["train/001.A/a.jpg", 7],
        ["valid/001.A/b.png", 8],
      ],
    );
    assert.equal(bytes, 30);
    assert.equal(left.length, 6);
    assert.deepEqual(planned([entry("train/001.A/a.jpg")]).problems, []);
  });

  const refused: readonly [string, readonly ZipEntry[], RegExp][] = [
    ["a symbolic link", [...good, entry("link", { unixType: 0xa000 })], /"link" is a symbolic link/],
    ["a device", [...good, entry("tty", { unixType: 0x2000 })], /"tty" is neither file nor folder/],
    [
      "a file that says it is a folder",
      [...good, entry("x", { unixType: 0x4000 })],
      /neither file nor folder/,
    ],
    ["an encrypted entry", [...good, entry("x", { encrypted: true })], /"x" is encrypted/],
    ["a hostile name, outside the images too", [...good, entry("../x")], /"\.\.\/x" leaves its folder/],
    ["one name twice", [...good, ...good.slice(0, 1)], /is in the archive twice/],
    ["two names that differ by case", [...good, image("train/001.A/A.jpg")], /differ by case only/],
    [
      "two folders that differ by case",
      [...good, image("train/001.a/z.jpg")],
      /folders .* differ by case only/,
    ],
    ["a file that is a folder too", [...good, image("train/001.A")], /is a file and a folder/],
    [
      "two data sets",
      [...good, entry("other/train/001.A/a.jpg")],
      /More than one data set.*dogImages\/, other\//,
    ],
    ["no data set", [entry("cats/a.jpg")], /No image is at .*It holds cats\/a\.jpg/],
    ["nothing", [], /No image is at .*It holds no file/],
    ["too many bytes", [...good, entry("x", { bytes: 60e9 })], /at most 50000000000 are taken/],
    ["an image of 200 MB", [...good, entry("x", { bytes: 200e6 })], /an image has at most 100000000/],
    ["far more content than images have", [...good, entry("x", { bytes: 2e6 })], /200 times its own size/],
    [
      "entries that share their data",
      good.map((one) => ({ ...one, compressedBytes: 5000 })),
      /entries overlap/,
    ],
  ];
  for (const [what, entries, problem] of refused) {
    it(`has a problem with ${what}`, () => {
      assert.match(planned(entries).problems.join("\n"), problem);
    });
  }

  it("has a problem with too many entries", () => {
    const limits = { files: 2, bytes: 1e9, fileBytes: 1e9, ratio: 100 };

    assert.match(planExtraction(good, 10_000, limits).problems.join("\n"), /3 entries; at most 2 are taken/);
  });

  it("never plans a file twice, nor one outside the three splits", () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 8 }), (more) => {
        const { files, problems } = planned([...good, ...more.map((name) => entry(name))]);

        fc.pre(problems.length === 0);
        const paths = files.map(({ path }) => path);
        assert.equal(new Set(paths.map(foldedName)).size, paths.length);
        assert.ok(paths.every((path) => /^(?:train|valid|test)\/[^/]+\/[^/]+$/.test(path)));
      }),
      { numRuns: 500 },
    );
  });
});
