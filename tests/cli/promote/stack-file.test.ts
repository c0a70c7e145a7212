import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import { on } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
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

  /** A process that reads and writes the file when it is told to, and tells how it went. */
  const startWriter = (digest: string) => {
    const child = fork(join(__dirname, "write-stack-file.ts"), [folder, digest], {
      execArgv: ["--import", "tsx"],
    });
    const told = on(child, "message");
    const tells = async (order: "read" | "write") => {
      child.send(order);
      const [message] = (await told.next()).value as readonly [string];
      return message;
    };
    return { tells, end: () => child.disconnect() };
  };

  it("is left as it is where somebody changed it between reading and writing: one of two promotions wins", () => {
    writeStack();
    const [one, two] = [changed(), changed()];
    writeFile(one, folder, "dev");
    const after = readFileSync(file, "utf8");

    assert.throws(() => writeFile(two, folder, "dev"), /Pulumi\.dev\.yaml was changed by somebody else/);

    assert.equal(readFileSync(file, "utf8"), after);
    assert.equal(after, one.after);
  });

  it("is written by one of two processes, if both have read it before and write at once", async () => {
    const digests = [digestOf("a"), digestOf("b")];
    const writers = digests.map(startWriter);
    for (let round = 0; round < 30; round += 1) {
      writeStack();
      await Promise.all(writers.map(({ tells }) => tells("read")));

      const told = await Promise.all(writers.map(({ tells }) => tells("write")));

      assert.equal(told.filter((one) => one === "done").length, 1, told.join("\n"));
      assert.match(
        told.find((one) => one !== "done") ?? "",
        /Pulumi\.dev\.yaml (?:was|is being) changed by somebody else/,
      );
      assert.equal(
        readDeclaredStack(folder, "dev").config.models.breeds?.digest,
        digests[told.indexOf("done")],
      );
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith(".tmp")),
        [],
      );
    }
    for (const { end } of writers) end();
  });

  it("is left as it is while another process has it, and written where that one was killed", () => {
    writeStack();
    const change = changed();
    const lock = join(folder, ".Pulumi.dev.yaml.lock.tmp");
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    for (const mark of [`${hostname()}-${process.ppid}`, "another-host-1", ""]) {
      writeFileSync(lock, mark);

      assert.throws(() => writeFile(change, folder, "dev"), /is being changed by somebody else's command/);

      assert.equal(readFileSync(file, "utf8"), change.before);
      assert.equal(readFileSync(lock, "utf8"), mark);
    }

    writeFileSync(lock, `${hostname()}-${gone}`);
    writeFile(change, folder, "dev");

    assert.equal(readFileSync(file, "utf8"), change.after);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".tmp")),
      [],
    );
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
