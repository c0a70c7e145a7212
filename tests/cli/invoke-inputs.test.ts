import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readClassNames } from "../../cli/core/invoke/class-names";
import { inputsOf } from "../../cli/core/invoke/inputs";
import { invokeTools, jpeg, logits } from "./invoke-tools";

describe("inputsOf", () => {
  const { folder, serve, runJson } = invokeTools();

  it("takes what has a scheme for a URL", () => {
    for (const name of ["http://a.example.org/x.jpg", "https://a.example.org/", "s3://breeds/x.jpg"])
      assert.deepEqual(inputsOf(name), [{ kind: "url", name }]);
  });

  it("takes the images below a folder, by path, and no folder or socket that is called like one", async () => {
    const below = join(folder, "below");
    mkdirSync(join(below, "x.jpg"), { recursive: true });
    writeFileSync(join(below, "x.jpg/b.png"), "");
    writeFileSync(join(below, "c.txt"), "");
    writeFileSync(join(below, "a.JPEG"), "");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(below, "d.jpg"), resolve));
    const found = inputsOf(below);
    await new Promise((resolve) => server.close(resolve));

    assert.deepEqual(found, [
      { kind: "file", name: "a.JPEG", path: join(below, "a.JPEG") },
      { kind: "file", name: "x.jpg/b.png", path: join(below, "x.jpg/b.png") },
    ]);
  });

  it("follows links to images and to folders, and not round and round", () => {
    const linked = join(folder, "linked");
    mkdirSync(join(linked, "own"), { recursive: true });
    symlinkSync(join(folder, "images/a.jpg"), join(linked, "a.jpg"));
    symlinkSync(join(folder, "images/b"), join(linked, "b"));
    symlinkSync("..", join(linked, "own/up"));
    symlinkSync("absent.txt", join(linked, "own/absent"));

    assert.deepEqual(
      inputsOf(linked).map(({ name }) => name),
      ["a.jpg", "b/c.PNG"],
    );
  });

  it("leaves what cannot be read to be told, with the answers of all others", async () => {
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    symlinkSync("absent.jpg", join(mixed, "a.jpg"));
    symlinkSync("b.jpg", join(mixed, "b.jpg"));
    for (const name of ["c.jpg", "d.jpg", "e.jpg"]) writeFileSync(join(mixed, name), jpeg);
    const { origin, seen } = await serve((_, response) => {
      rmSync(join(mixed, "d.jpg"), { force: true });
      response.writeHead(200).end(logits);
    });

    const { status, json } = await runJson([mixed, "--endpoint", "breeds"], {
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: origin,
    });

    assert.deepEqual([status, json.answered, json.failed, seen.length], [1, 2, 3, 2]);
    const next = "See that it is there, and that you may read it.";
    assert.deepEqual(json.failures, [
      {
        code: "unreadable",
        cause: "The file cannot be read (ENOENT).",
        next,
        requests: 2,
        inputs: ["a.jpg", "d.jpg"],
      },
      {
        code: "unreadable",
        cause: "The file cannot be read (ELOOP).",
        next,
        requests: 1,
        inputs: ["b.jpg"],
      },
    ]);
  });
});

describe("readClassNames", () => {
  const { folder } = invokeTools();
  const file = join(folder, "names.json");
  const read = (content: unknown) => {
    writeFileSync(file, JSON.stringify(content));
    return readClassNames(file);
  };

  it("takes a list, and an object in whatever order", () => {
    assert.deepEqual(read(["b", "a"]), ["b", "a"]);
    assert.deepEqual(read({ Poodle: 2, Beagle: 0, Collie: 1 }), ["Beagle", "Collie", "Poodle"]);
  });

  for (const content of [[], {}, ["a", 1], { a: 1 }, { a: 0, b: 0 }, { a: "0" }, null, 1, "a"])
    it(`refuses ${JSON.stringify(content)}`, () => {
      assert.throws(() => read(content), /must hold a JSON list of names, or an object from names/);
    });

  it("refuses what is no JSON", () => {
    writeFileSync(file, "Beagle");

    assert.throws(() => readClassNames(file), /names\.json is not valid JSON: /);
  });
});
