import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "mocha";
import { type BuiltEntry, buildZip } from "./build-zip";
import { contentsOf, dataTools, smallSet } from "./data-tools";
import { type FileServerOptions, startFileServer } from "./file-server";

const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

describe("data fetch", () => {
  const { folder, fresh, run } = dataTools();
  const images = () =>
    [...smallSet()].map(([name, content]): BuiltEntry => ({ name: `dogImages/${name}`, content }));
  const asExtracted = () =>
    new Map([...smallSet()].sort().map(([path, content]) => [path, Buffer.from(content)]));
  const archive = (entries: readonly BuiltEntry[]) => {
    const file = `${fresh()}.zip`;
    writeFileSync(file, buildZip(entries));
    return file;
  };
  const hidden = () => readdirSync(folder).filter((name) => name.startsWith("."));

  afterEach(() => assert.deepEqual(hidden(), [], "something half-made was left"));

  it("extracts the images of a local archive, and says what it left", async () => {
    const file = archive([{ name: "dogImages/", mode: 0o40755 }, { name: "dogImages/LICENSE" }, ...images()]);
    const target = fresh();

    const { status, stdout, stderr } = await run(["fetch", file, target]);

    assert.equal(status, 0, stderr);
    assert.deepEqual(contentsOf(target), asExtracted());
    assert.equal(
      stdout,
      [
        `Extracted 8 images to ${target}.`,
        `Archive sha256 ${sha256(readFileSync(file))}`,
        "Left in the archive: 1, such as dogImages/LICENSE.",
        "",
      ].join("\n"),
    );
  });

  const notAnImage = { name: "dogImages/train/001.Red_vertical/z.jpg", content: Buffer.from("<html>") };
  const first = "dogImages/train/001.Red_vertical/";
  const refused: readonly [string, () => readonly BuiltEntry[], RegExp][] = [
    ["climbs out of the folder", () => [...images(), { name: "../../x" }], /leaves its folder/],
    ["has an absolute path", () => [...images(), { name: "/etc/x" }], /is absolute/],
    ["has a Windows path", () => [...images(), { name: "..\\x" }], /backslash/],
    ["has a symbolic link", () => [...images(), { name: "x", mode: 0o120777 }], /symbolic link/],
    [
      "has a link in place of a folder",
      () => [{ name: "dogImages", mode: 0o120777 }, ...images()],
      /symbolic link/,
    ],
    [
      "has one name in two cases",
      () => [...images(), { name: `${first}RED_vertical_00001.jpg` }],
      /differ by case/,
    ],
    ["has one name twice", () => [...images(), ...images().slice(0, 1)], /in the archive twice/],
    ["has no image", () => [{ name: "readme.md" }], /No image is at/],
    ["is a bomb", () => [...images(), { name: "x", content: new Uint8Array(5e6) }], /times its own size/],
    [
      "is a bomb of entries that overlap",
      () => [
        {
          name: `${first}0.jpg`,
          content: Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * 7919) & 255)),
        },
        ...[1, 2, 3].map((one) => ({
          name: `${first}${one}.jpg`,
          content: Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * 7919) & 255)),
          sharesWith: 0,
        })),
      ],
      /overlap/,
    ],
    [
      "holds more than it says",
      () => [
        ...images().slice(1),
        { name: `${first}a.jpg`, content: new Uint8Array(500), claims: { bytes: 3 } },
      ],
      /a\.jpg cannot be extracted: too many bytes/,
    ],
    [
      "holds less than it says",
      () => [
        ...images().slice(1),
        { name: `${first}a.jpg`, content: new Uint8Array(5), claims: { bytes: 9 } },
      ],
      /a\.jpg cannot be extracted: not enough bytes/,
    ],
    [
      "has a checksum that differs",
      () => [...images(), { name: `${first}a.jpg`, content: new Uint8Array(5), claims: { crc32: 1 } }],
      /a\.jpg is damaged: its checksum differs/,
    ],
    ["is encrypted", () => [...images(), { name: "x", claims: { encrypted: true } }], /"x" is encrypted/],
    ["has an image that is none", () => [...images(), notAnImage], /z\.jpg is neither JPEG nor PNG/],
  ];
  for (const [what, entries, problem] of refused) {
    it(`refuses an archive that ${what}, and leaves nothing behind`, async () => {
      const target = fresh();

      const { status, stdout, stderr } = await run(["fetch", archive(entries()), target]);

      assert.equal(status, 1, stderr);
      assert.match(stderr, problem);
      assert.match(stderr, /^The archive is refused and nothing was extracted:/);
      assert.equal(stdout, "");
      assert.equal(existsSync(target), false);
    });
  }

  it("refuses what is no archive, and an archive that ends early", async () => {
    const [text, cut] = [`${fresh()}.zip`, `${fresh()}.zip`];
    writeFileSync(text, "<html>not found</html>");
    writeFileSync(cut, buildZip(images()).subarray(0, 2000));
    for (const file of [text, cut]) {
      const { status, stderr } = await run(["fetch", file, fresh()]);

      assert.equal(status, 1);
      assert.match(stderr, /It is damaged or no zip archive/);
    }
  });

  it("leaves out what is no image where it is told to, and names it", async () => {
    const target = fresh();

    const { status, stdout, stderr } = await run([
      "fetch",
      archive([...images(), notAnImage]),
      target,
      "--skip-bad",
    ]);

    assert.equal(status, 0);
    assert.match(stdout, /^Extracted 8 images/);
    assert.equal(stderr, "Left out: train/001.Red_vertical/z.jpg is neither JPEG nor PNG.\n");
    assert.deepEqual(contentsOf(target), asExtracted());
  });

  it("refuses an archive with another digest than was told, before it is opened", async () => {
    const target = fresh();

    const { status, stderr } = await run(["fetch", archive(images()), target, "--sha256", "0".repeat(64)]);

    assert.equal(status, 1);
    assert.match(stderr, /^The archive's SHA-256 is [0-9a-f]{64}, and --sha256 says 0{64}/);
    assert.equal(existsSync(target), false);
  });

  const wrong: readonly [string, readonly string[], RegExp][] = [
    ["a source that is not there", ["absent.zip"], /absent\.zip is no file/],
    ["another protocol", ["s3://bucket/x.zip"], /begins with "s3"; it must be an https or http URL/],
    ["a digest that is none", ["x.zip", "--sha256=abc"], /--sha256 is "abc"; it must be a SHA-256 digest/],
    ["a limit that is none", ["x.zip", "--max-files=0"], /--max-files is "0"/],
  ];
  for (const [what, [source = "", ...more], message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { status, stderr } = await run(["fetch", source, fresh(), ...more]);

      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }

  describe("from a URL", () => {
    const closing: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });
    const serve = async (options: Partial<FileServerOptions> = {}) => {
      const server = await startFileServer({ content: buildZip(images()), ...options });
      closing.push(server.close);
      return server;
    };

    it("fetches, checks the digest and extracts", async () => {
      const { url, ranges } = await serve();
      const target = fresh();

      const { status, stdout, stderr } = await run([
        ...["fetch", `${url}?X-Amz-Signature=hidden`, target],
        ...["--sha256", sha256(buildZip(images())), "--keep-zip"],
      ]);

      assert.equal(status, 0, stderr);
      assert.deepEqual(contentsOf(target), asExtracted());
      assert.deepEqual(readFileSync(`${target}.zip`), buildZip(images()));
      assert.match(stdout, /Kept the archive as .*\.zip\.\n$/);
      assert.ok(!stderr.includes("hidden"), "a signature is printed");
      assert.deepEqual(ranges, [undefined]);
    });

    it("goes on where a connection was cut", async () => {
      const { url, ranges } = await serve({ cuts: [1500, 600] });
      const target = fresh();

      const { status, stderr } = await run(["fetch", url, target]);

      assert.equal(status, 0, stderr);
      assert.deepEqual(contentsOf(target), asExtracted());
      assert.deepEqual(ranges, [undefined, "bytes=1500-", "bytes=2100-"]);
      assert.match(stderr, /trying again\.\n.*trying again\.\n/s);
    });

    it("starts again where the file has changed in between, or the server knows no ranges", async () => {
      for (const ignoresRanges of [false, true]) {
        const server = await serve({ cuts: [1500] });
        const content = buildZip(images().reverse());
        const target = fresh();
        const fetching = run(["fetch", server.url, target]);
        while (server.ranges.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        server.change({ content, etag: ignoresRanges ? '"v1"' : '"v2"', ignoresRanges });

        const { status, stderr } = await fetching;

        assert.equal(status, 0, stderr);
        assert.match(stderr, /starting from the beginning/);
        assert.deepEqual(contentsOf(target), asExtracted());
      }
    });

    it("does not join the parts of two versions that have no validator", async () => {
      const { url, ranges } = await serve({ cuts: [1500], etag: 'W/"weak"' });
      const target = fresh();

      const { status, stderr } = await run(["fetch", url, target]);

      assert.equal(status, 0, stderr);
      assert.deepEqual(ranges, [undefined, undefined]);
      assert.deepEqual(contentsOf(target), asExtracted());
    });

    it("tries again after a server's error, and not after a refusal", async () => {
      const { url } = await serve({ statuses: [503, 500] });
      const gone = await serve({ statuses: [404] });

      const { status, stderr } = await run(["fetch", url, fresh()]);
      const refusal = await run(["fetch", gone.url, fresh()]);

      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /the server answered 503; trying again\.\nthe server answered 500; trying again\./,
      );
      assert.equal(refusal.status, 3);
      assert.match(refusal.stderr, /answered 404 Not Found\. Correct the URL\./);
      assert.equal(gone.ranges.length, 1);
    });

    it("fetches a damaged archive anew, and continues none", async () => {
      const server = await serve({ content: Buffer.alloc(3000) });
      const target = fresh();
      const args = ["fetch", server.url, target, "--sha256", sha256(buildZip(images()))];
      const damaged = await run(args);
      server.change({ content: buildZip(images()) });

      const { status, stderr } = await run(args);

      assert.equal(damaged.status, 1);
      assert.equal(status, 0, stderr);
      assert.deepEqual(server.ranges, [undefined]);
    });

    it("does not fetch again what it has fetched and refused", async () => {
      const { url, ranges } = await serve({ content: buildZip([...images(), notAnImage]) });
      const target = fresh();
      const refusal = await run(["fetch", url, target]);
      assert.equal(hidden().length, 2);

      const { status } = await run(["fetch", url, target, "--skip-bad"]);

      assert.equal(refusal.status, 1);
      assert.equal(status, 0);
      const size = buildZip([...images(), notAnImage]).length;
      assert.deepEqual(ranges, [undefined, `bytes=${size}-`]);
      assert.ok(existsSync(join(folder, basename(target))));
    });
  });
});
