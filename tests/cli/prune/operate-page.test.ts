import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";

/** Does not prove that the actions suffice; each is what IAM calls the API operation. */
describe("docs/operate.md", () => {
  const page = readFileSync(join(projectRoot, "docs/operate.md"), "utf8");

  /** Actions that the code of some folders names where it asks AWS. */
  const asked = (...folders: readonly string[]) => {
    const text = folders
      .flatMap((folder) =>
        readdirSync(join(projectRoot, "cli/core", folder)).map((name) =>
          readFileSync(join(projectRoot, "cli/core", folder, name), "utf8"),
        ),
      )
      .join("\n");
    return new Set(
      [
        ...text.matchAll(/"((?:[a-z][\w-]*):[A-Z]\w+)",?$/gm),
        ...text.matchAll(/asked\w*\(\s*"([\w:-]+)"/g),
        ...text.matchAll(/pages\(\s*"([\w:-]+)"/g),
      ].map(([, action = ""]) => action),
    );
  };
  const told = (command: RegExp) =>
    new Set(
      page
        .split("\n")
        .filter((line) => command.test(line))
        .flatMap((line) => [...line.matchAll(/`([\w-]+:[A-Z]\w+)`/g)].map(([, action = ""]) => action)),
    );
  const sorted = (set: ReadonlySet<string>) => [...set].sort();

  it("names the permissions that the commands need, and no others", () => {
    assert.deepEqual(
      sorted(told(/^\| `prune/)),
      sorted(new Set([...asked("prune"), "sts:GetCallerIdentity"])),
    );
    const verify = new Set([
      ...asked("verify"),
      "sts:GetCallerIdentity",
      "sagemaker:InvokeEndpoint",
      "lambda:InvokeFunction",
      // By what it shares with `promote` and `prune`.
      "sagemaker:ListModelPackages",
      "sagemaker:DescribeModelPackage",
      "s3:ListBucket",
    ]);
    assert.deepEqual(sorted(told(/^\| `verify` \| `sts/)), sorted(verify));
    assert.deepEqual(
      sorted(told(/^\| `(?:promote|approve|rollback)` \| `sts/)),
      sorted(new Set([...asked("promote"), "s3:ListBucket"])),
    );
  });
});
