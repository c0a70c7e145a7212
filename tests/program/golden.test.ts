import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../../cli/core/plan-stack";
import type { Plan } from "../../plan/plan";

/**
 * Every resource of every stack with its inputs: what a change touches is the diff of these files.
 * `npm run golden` writes them. They do not prove that AWS accepts the values.
 */
describe("the whole program", () => {
  for (const stack of ["dev", "staging", "prod"]) {
    it(`registers for ${stack} what tests/program/expected/${stack}.json lists`, async () => {
      const file = join(__dirname, "expected", `${stack}.json`);
      const plan = await planStack({ stack });

      const actual = `${JSON.stringify(reviewable(plan), undefined, 1)}\n`;
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, actual);

      assert.ok(existsSync(file), `${file} is missing; write it with: npm run golden`);
      assert.equal(
        actual,
        readFileSync(file, "utf8"),
        "if the change is meant: npm run golden, and review the diff",
      );
    }).timeout(60_000);

    it(`violates no mandatory policy in ${stack}`, async () => {
      const { policies } = await planStack({ stack });

      assert.deepEqual(
        policies.filter(({ level }) => level === "mandatory"),
        [],
      );
    }).timeout(60_000);
  }
});

function reviewable({ resources }: Plan): Record<string, unknown> {
  return Object.fromEntries(
    resources
      .filter(({ custom }) => custom)
      .map(({ urn, inputs, options, due }) => [
        urn.split("::").slice(2).join("::"),
        {
          ...(due ? {} : { due }),
          inputs: readable(inputs),
          ...(Object.keys(options).length === 0 ? {} : { options }),
        },
      ]),
  );
}

/** Documents as objects, scripts as lines, and no compressed bytes: those differ between versions of zlib. */
function readable(value: unknown, key = ""): unknown {
  if (typeof value === "string") return readableText(value, key);
  if (Array.isArray(value)) return value.map((item) => readable(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, readable(item, name)]));
}

function readableText(text: string, key: string): unknown {
  if (key === "contentBase64") return "(compressed)";
  if (/^(?:onStart|onCreate|userDataBase64)$/.test(key))
    return Buffer.from(text, "base64").toString("utf8").split("\n");
  if (text.startsWith("{") || text.startsWith("[")) {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return text.includes("\n") ? text.split("\n") : text;
}
