import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { documents } from "../../cli/core/documents";
import { projectRoot } from "../../cli/core/project-root";

describe("the documentation", () => {
  for (const [path, content] of Object.entries(documents())) {
    it(`has ${path} as the code makes it`, () => {
      const file = join(projectRoot, path);

      assert.ok(existsSync(file), `${path} is missing; write it with: npm run docs`);
      assert.equal(readFileSync(file, "utf8"), content, "write it anew with: npm run docs");
    });
  }

  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...markdownBelow("docs"),
    ...markdownBelow("examples"),
    ...markdownBelow("policy"),
  ];

  for (const page of pages) {
    it(`links only to files that exist: ${page}`, () => {
      const text = readFileSync(join(projectRoot, page), "utf8");

      const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
      const missing = links.filter(
        (target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(projectRoot, dirname(page), target)),
      );

      assert.deepEqual(missing, []);
    });
  }

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = pages.flatMap((page) =>
      [...readFileSync(join(projectRoot, page), "utf8").matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(
        ([, script = ""]) => script,
      ),
    );

    assert.deepEqual(
      [...new Set(named)].filter((script) => scripts[script] === undefined),
      [],
    );
  });
});

function markdownBelow(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(".md") && !entry.parentPath.includes("node_modules"),
    )
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)));
}
