import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/**
 * Who may import whom, by folder; the first matching row decides. Packages are named, own files given by path prefix.
 * `type` lists what may be imported by type only.
 */
const rules: readonly { readonly from: RegExp; readonly values: RegExp; readonly types?: RegExp }[] = [
  { from: /^policy\//, values: /^(?:policy\/|@pulumi\/policy$|node:)/, types: /^@pulumi\/pulumi$/ },
  { from: /^lambda\//, values: /^(?:lambda\/|@aws-sdk\/|@smithy\/|ipaddr\.js$|node:)/ },
  {
    from: /^plan\//,
    values:
      /^(?:plan\/|policy\/catalog\/|@pulumi\/|google-protobuf|yaml$|zod$|picocolors$|cli-table3$|node:)/,
  },
  {
    from: /^infra\/rules\//,
    values: /^(?:infra\/rules\/|policy\/catalog\/|node:)/,
    types: /^infra\/config\/schema\//,
  },
  { from: /^infra\/iam\//, values: /^(?:infra\/iam\/|infra\/rules\/|node:)/ },
  { from: /^infra\/config\/load$/, values: /^(?:infra\/(?:config|rules)\/|@pulumi\/pulumi$)/ },
  { from: /^infra\/config\//, values: /^(?:infra\/config\/|infra\/rules\/|policy\/catalog\/|zod$|node:)/ },
  {
    from: /^infra\/components\//,
    values:
      /^(?:infra\/(?:components|iam|rules)\/|infra\/(?:lambda-code|training-code|outputs|cost-ledger)$|@pulumi\/|node:)/,
    types: /^(?:infra\/config\/|lambda\/)/,
  },
  { from: /^infra\/index$/, values: /^(?:infra\/|@pulumi\/pulumi$)/ },
  {
    from: /^infra\//,
    values: /^(?:infra\/|policy\/catalog\/|@pulumi\/|esbuild$|zod$|node:)/,
    types: /^lambda\//,
  },
  {
    from: /^cli\//,
    values:
      /^(?:cli\/|plan\/|infra\/(?:config|rules)\/|infra\/outputs(?:-reference)?$|policy\/|lambda\/|@aws-sdk\/|commander$|picocolors$|cli-table3$|yaml$|yauzl$|node:)/,
  },
];

const statement = /^(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["'];?/gm;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

describe("the direction of imports", () => {
  const imports = ["cli", "infra", "lambda", "plan", "policy"].flatMap(importsBelow);

  it("is one way: no folder imports what stands above it", () => {
    const wrong = imports
      .filter(({ from, to, typeOnly }) => {
        const rule = rules.find((candidate) => candidate.from.test(from));
        return !(rule?.values.test(to) === true || (typeOnly && rule?.types?.test(to) === true));
      })
      .map(({ from, to, typeOnly }) => `${from} -> ${to}${typeOnly ? " (type)" : ""}`);

    assert.deepEqual(wrong, []);
  });

  it("has no cycle among values", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
    }

    assert.deepEqual(
      [...graph.keys()].map((file) => cycleThrough(file, graph)).filter((cycle) => cycle !== undefined),
      [],
    );
  });

  it("reaches the AWS provider by its parts, never as a whole", () => {
    assert.deepEqual(
      imports.filter(({ to }) => to === "@pulumi/aws").map(({ from }) => from),
      [],
    );
  });

  it("sees the imports it judges", () => {
    assert.ok(imports.length > 100, `only ${imports.length} imports were read`);
    assert.ok(
      imports.some(({ from, to }) => from.startsWith("infra/components/") && to.startsWith("@pulumi/aws/")),
    );
  });
});

function importsBelow(folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.m?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules"))
    .flatMap(importsOf);
}

function importsOf(file: string): Import[] {
  const from = relative(root, file).replace(/\.m?ts$/, "");
  return [...readFileSync(file, "utf8").matchAll(statement)].map(([, type, to = ""]) => ({
    from,
    to: to.startsWith(".") ? relative(root, resolve(dirname(file), to)) : to,
    typeOnly: type !== undefined,
  }));
}

function cycleThrough(start: string, graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const seen = new Set<string>();
  const walk = (file: string, path: readonly string[]): string | undefined => {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...path, next].join(" -> ");
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
}
