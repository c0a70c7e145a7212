import type { Edit } from "./edits";
import type { Changes } from "./what-changes";

export interface Row {
  readonly edit: Edit;
  readonly changes: Changes;
  /** How many resources the stack has. */
  readonly of: number;
}

const introduction = `# What a change of the configuration touches

For each key of the configuration: which resources of a production-like stack are updated in place, made anew, added or removed when
the key changes. The stack is \`Pulumi.prod.yaml\` with a promoted model, an uploaded data set, a notebook, a training box and a tuning job;
for a key that exists only with another \`kind\`, that kind. Names are the program's; the endpoint in it is called \`breeds\`.

- **anew**: made under another name or id, and the former removed; retained where it is a model or an endpoint configuration.
- **refused**: a protected resource would be replaced or deleted, or the program refuses. \`pulumi preview\` says so, and an update stops there.
- Endpoints, the three data buckets and the key are never replaced or deleted in production: such a change is refused.
- An endpoint that is *updated* gets a rollout: a new fleet, with rollback on its alarms.
- AWS refuses another instance type while a fleet is registered for scaling; see \`instanceType\` in [configuration.md](configuration.md).

How it is found: the program runs in process against a deployed stack, and each resource is compared as the tests' simulated provider
compares it, by the replacement rules that the real provider gave (\`tests/engine/provider/replacement.json\`). A handful of rows are held
against the real Pulumi engine (\`tests/engine/changes.test.ts\`). Not shown is what only AWS refuses, and \`aws:region\`: another region is
another environment. \`UPDATE_GOLDEN=1 npx mocha tests/engine/blast-radius.test.ts\` writes this page anew.
`;

/** The page: one table per section of the configuration, and what touches nothing in one list. */
export function blastRadiusPage(rows: readonly Row[]): string {
  const touching = rows.filter(({ changes }) => touched(changes));
  const idle = [...new Set(rows.filter(({ changes }) => !touched(changes)).map(({ edit }) => edit.path))];
  const sections = [...new Set(touching.map(({ edit }) => sectionOf(edit.path)))];
  const tables = sections.flatMap((section) => [
    "",
    `## ${section}`,
    "",
    "| key | change | anew | updated | added | removed | refused |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...touching.filter(({ edit }) => sectionOf(edit.path) === section).map(line),
  ]);
  const none = ["", "## Nothing", "", "These touch no resource:", "", ...idle.map((path) => `- \`${path}\``)];
  return `${[introduction.trimEnd(), ...tables, ...none].join("\n")}\n`;
}

function touched(changes: Changes): boolean {
  return Object.values(changes).some((names: readonly string[]) => names.length > 0);
}

function sectionOf(path: string): string {
  const [first = ""] = path.split(/[.(]/);
  return path === first ? "Names and tags" : first;
}

function line({ edit, changes, of }: Row): string {
  const { refused } = changes;
  // What else would change is never reached.
  const shown: Changes =
    refused.length === 0 ? changes : { replaced: [], updated: [], made: [], deleted: [], refused };
  const cells = [shown.replaced, shown.updated, shown.made, shown.deleted].map((names) => listed(names, of));
  const why = refused.map((reason) => (reason.includes("\n") ? (reason.split("\n")[0] ?? "") : code(reason)));
  return `| ${[code(edit.path), `${value(edit.from)} → ${value(edit.to)}`, ...cells, why.join(", ")].join(" | ")} |`;
}

/** Resources of one role in a job's name carry a hash of its inputs, which tells nothing here. */
function listed(names: readonly string[], of: number): string {
  const distinct = [...new Set(names.map((name) => name.replace(/-[0-9a-f]{8}$/, "-…")))];
  return distinct.length > 20 ? `${names.length} of ${of}` : distinct.map(code).join(", ");
}

function value(of: unknown): string {
  if (of === undefined) return "not set";
  const text = typeof of === "string" ? of : JSON.stringify(of);
  return code(/^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 4)}…` : text);
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
