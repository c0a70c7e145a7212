import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "mocha";
import { readDeclaredStack } from "../../../cli/core/aws/stack-config";
import { differenceOf, promotedFile, writeFile } from "../../../cli/core/promote/stack-file";
import { ConfigError } from "../../../infra/config/parse";
import { digestOf } from "../prune/prune-tools";
import { promoteTools } from "./promote-tools";

describe("the stack's file", () => {
  const { folder, file, writeStack } = promoteTools();
  const provenance = { source: "job a", promotedAt: "2026-11-21T12:05:41.000Z", promotedBy: "me" };
  const changed = () => promotedFile(readDeclaredStack(folder, "dev"), "breeds", digestOf("a"), provenance);

  it("is left as it is where somebody changed it between reading and writing: one of two promotions wins", () => {
    writeStack();
    const [one, two] = [changed(), changed()];
    writeFile(one, folder, "dev");
    const after = readFileSync(file, "utf8");

    assert.throws(() => writeFile(two, folder, "dev"), /Pulumi\.dev\.yaml was changed by somebody else/);

    assert.equal(readFileSync(file, "utf8"), after);
    assert.equal(after, one.after);
  });

  it("is left as it is where the new one would be invalid, and nothing else is left behind", () => {
    writeStack();
    const change = changed();
    const before = readFileSync(file, "utf8");

    assert.throws(
      () =>
        writeFile({ ...change, after: change.after.replace("classes: 133", "classes: 1") }, folder, "dev"),
      ConfigError,
    );

    assert.equal(readFileSync(file, "utf8"), before);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("is found under each of the names that Pulumi takes for a key", () => {
    writeStack();
    const text = readFileSync(file, "utf8");
    for (const key of ["models", "sagemaker-ops:config:models"]) {
      writeFileSync(file, text.replace("sagemaker-ops:models", key));

      writeFile(changed(), folder, "dev");

      assert.equal(readDeclaredStack(folder, "dev").config.models.breeds?.digest, digestOf("a"));
    }
  });

  it("shows the lines that differ, and no others", () => {
    assert.deepEqual(differenceOf({ file, before: "a\nb\nc\n", after: "a\nx\ny\nc\n" }), [
      "- b",
      "+ x",
      "+ y",
    ]);
    assert.deepEqual(differenceOf({ file, before: "a\na\n", after: "a\na\na\n" }), ["+ a"]);
    assert.deepEqual(differenceOf({ file, before: "a\n", after: "a\n" }), []);
  });
});
