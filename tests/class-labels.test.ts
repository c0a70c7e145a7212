import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { readClassLabels } from "../infra/class-labels";

describe("readClassLabels", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labels-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const read = (text: string, classes: number) => {
    writeFileSync(join(folder, "labels.json"), text);
    return readClassLabels("labels.json", classes, folder);
  };

  it("gives the names in their order", () => {
    assert.deepEqual(read('["Affenpinscher", "Übermut"]', 2), ["Affenpinscher", "Übermut"]);
  });

  const refused: readonly [string, string, RegExp][] = [
    ["what is not JSON", "[", /labels\.json is not JSON/],
    ["what is no list", '{"0": "a"}', /is not a list/],
    ["another number of names than classes", '["a"]', /has 1 names, and the model 2 classes/],
    ["a number as a name", '["a", 7]', /no name of 1 to 200 characters at \[1\]/],
    ["an empty name", '[" ", "b"]', /at \[0\]/],
    ["a name without end", JSON.stringify(["a", "b".repeat(201)]), /at \[1\]/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}, and says what the file must hold`, () => {
      assert.throws(() => read(text, 2), message);
      assert.throws(() => read(text, 2), /JSON list of 2 names, in the order of the model's answer/);
    });
  }

  it("names a file that is not there", () => {
    assert.throws(() => readClassLabels("labels/none.json", 2, folder), /labels\/none\.json cannot be read/);
  });
});
