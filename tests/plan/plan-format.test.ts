import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planDocumentSchema, planJsonSchema } from "../../plan/plan-schema";
import { runCli } from "../support/run-cli";

const page = readFileSync(join(__dirname, "..", "..", "docs", "plan-format.md"), "utf8");

describe("docs/plan-format.md", () => {
  it("shows a plan that the schema accepts", () => {
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const plan: unknown = JSON.parse(example);

    assert.deepEqual(planDocumentSchema.parse(plan), plan);
  });

  it("explains every field of the schema", () => {
    const explained = new Set(
      [...page.matchAll(/`([A-Za-z]+(?:\[\])?(?:\.[A-Za-z]+)?)`/g)].map(([, name = ""]) =>
        name.replace(/^lines\[\]\./, ""),
      ),
    );
    const fields = [...new Set(fieldsOf(planJsonSchema()))];

    assert.ok(fields.length > 30, `only ${fields.length} fields were read`);
    assert.deepEqual(
      fields.filter((field) => !explained.has(field) && !["stack", "kind", "lines", "name"].includes(field)),
      [],
    );
  });

  it("names every option of the command", async () => {
    const { stdout } = await runCli(["plan", "--help"]);
    const options = [...stdout.matchAll(/(--[a-z-]+)/g)].map(([, option = ""]) => option);

    assert.ok(options.includes("--full"));
    assert.deepEqual(
      [...new Set(options)].filter((option) => option !== "--help" && !page.includes(`| \`${option}`)),
      [],
    );
  }).timeout(30_000);
});

function fieldsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (typeof schema !== "object" || schema === null) return [];
  const { properties, ...rest } = schema as { properties?: Record<string, unknown> };
  return [
    ...Object.keys(properties ?? {}),
    ...Object.values(properties ?? {}).flatMap(fieldsOf),
    ...fieldsOf(Object.values(rest)),
  ];
}
