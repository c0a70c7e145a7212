import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import { rules } from "../../policy/rules";
import { defaultsOf } from "../../policy/settings";

const README = readFileSync(join(resolve(__dirname, "../../policy"), "README.md"), "utf8");

describe("the pack's README", () => {
  it("shows the defaults that the code has", () => {
    const shown = JSON.parse(/```json\n(.*?)```/s.exec(README)?.[1] ?? "null");

    assert.deepEqual(
      shown,
      Object.fromEntries(
        Object.keys(shown).map((id) => {
          const { exempt: _, ...own } = defaultsOf(rules.find((rule) => rule.id === id)?.fields ?? {});
          return [id, own];
        }),
      ),
    );
  });

  it("lists the rules and their levels in the pack's order", () => {
    const listed = [...README.matchAll(/^\| `([a-z-]+)` +\| (\w+) +\|/gm)].map(([, name, level]) => [
      name,
      level,
    ]);

    assert.deepEqual(
      listed,
      rules.map(({ id, level }) => [id, level]),
    );
  });
});
