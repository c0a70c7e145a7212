/** One thing that is wrong with a configuration, told so that its author can put it right. */
export interface Problem {
  /** Key path as written in the stack's file: `endpoints.multi.serving.scaling.max`. */
  readonly path: string;
  /** What is wrong, read after the path: `is missing`. */
  readonly message: string;
  /** The value found, shortened; hidden where it may be a secret. */
  readonly received: string;
  /** What would be accepted. */
  readonly allowed: string;
  /** The next step. */
  readonly fix: string;
}

/** Every problem of one configuration; `message` is `explain(problems)`. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(explain(problems));
    this.problems = problems;
  }
}

const width = 80;
const margin = 2;
const labelWidth = 10;

/** More than this is one mistake repeated, and a wall of text hides the first. */
const mostShown = 40;

/** One block per problem, at most 80 columns wide except for a word that is longer by itself. */
export function explain(problems: readonly Problem[]): string {
  const shown = problems.slice(0, mostShown).map(block);
  const left = problems.length - shown.length;
  const head =
    problems.length === 1
      ? "The configuration has 1 problem."
      : `The configuration has ${problems.length} problems.`;
  return [head, ...shown, ...(left > 0 ? [`… and ${left} more.`] : [])].join("\n\n");
}

function block({ path, message, received, allowed, fix }: Problem): string {
  const rows: readonly (readonly [string, string])[] = [
    ["problem", message],
    ["received", received],
    ["allowed", allowed],
    ["do this", fix],
  ];
  return [path, ...rows.flatMap(([label, text]) => row(label, text))].join("\n");
}

function row(label: string, text: string): string[] {
  const indent = " ".repeat(margin + labelWidth);
  return wrap(text, width - indent.length).map((line, index) =>
    index === 0 ? `${" ".repeat(margin)}${label.padEnd(labelWidth)}${line}` : `${indent}${line}`,
  );
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
