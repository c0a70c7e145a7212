import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(__dirname, "../../infra/components");

/** Files that are no component. */
const others = [
  "alarm-args.ts",
  "apply-input.ts",
  "context.ts",
  "endpoint-guards.ts",
  "job-placement.ts",
  "role-retry.ts",
];

const components = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && !others.includes(file))
  .map((file) => ({ file, source: readFileSync(join(folder, file), "utf8") }));

describe("a component", () => {
  it("is found at all", () => {
    assert.ok(components.length >= 15, `only ${components.length} components`);
  });

  for (const { file, source } of components) {
    describe(file, () => {
      const name = pascalCase(file.replace(/\.ts$/, ""));

      it("holds one class, named as its file", () => {
        assert.deepEqual(
          [...source.matchAll(/export class (\w+) extends pulumi\.ComponentResource/g)].map(
            ([, found]) => found,
          ),
          [name],
        );
      });

      it("has a type token mlops:<module>:<Class>", () => {
        const tokens = [...source.matchAll(/super\(\s*"([^"]+)"/g)].map(([, token]) => token ?? "");

        assert.equal(tokens.length, 1);
        assert.match(tokens[0] ?? "", new RegExp(`^mlops:[a-z]+:${name}$`));
      });

      it("takes readonly args, described one by one", () => {
        const args = source.match(new RegExp(`export interface ${name}Args[^{]*\\{([\\s\\S]*?)\\n\\}`))?.[1];

        assert.ok(args !== undefined, `no interface ${name}Args`);
        const fields = args
          .split("\n")
          .filter((line) => /^ {2}\w+\??:/.test(line) || /^ {2}readonly \w+\??:/.test(line));
        assert.deepEqual(
          fields.filter((line) => !line.startsWith("  readonly ")),
          [],
        );
      });

      it("registers its outputs last", () => {
        assert.match(source, /this\.registerOutputs\(/);
      });

      it("gives its children itself as parent", () => {
        assert.match(source, /parent: this/);
      });

      it("stays under 250 lines", () => {
        assert.ok(source.split("\n").length <= 250, `${source.split("\n").length} lines`);
      });
    });
  }
});

function pascalCase(kebab: string): string {
  return kebab.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
