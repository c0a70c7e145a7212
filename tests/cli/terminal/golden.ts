import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CliResult } from "../../support/run-cli";
import type { World } from "../faults/scenario";

const folder = join(__dirname, "expected");

/** A terminal, and how a golden file names it. */
interface Form {
  readonly title: string;
  readonly columns: number;
  readonly isTTY?: boolean;
}

const forms: readonly Form[] = [
  { title: "60 columns, no terminal", columns: 60 },
  { title: "140 columns, no terminal", columns: 140 },
  { title: "100 columns, a terminal with colours", columns: 100, isTTY: true },
];

export interface Shown {
  /** Name of the golden file. */
  readonly name: string;
  readonly status: number;
  readonly begin: () => Promise<World>;
  /** Takes out what differs from day to day, without another width. */
  readonly plain?: (text: string) => string;
  /** Lines that are as long as what they name: addresses, commands to copy, and lines of a log. @default - none */
  readonly long?: RegExp;
}

/**
 * Runs the command on terminals of three kinds and compares what it writes with the golden file. Beyond that: no line is longer
 * than the terminal but for `long`, and colours only repeat what the words say.
 */
export async function compareOutput({
  name,
  status,
  begin,
  plain = (text) => text,
  long,
}: Shown): Promise<void> {
  const sections: string[] = [];
  for (const { title, ...terminal } of forms) {
    const result = await run(begin, terminal);
    const at = `${name}, ${title}`;
    assert.equal(result.status, status, `${at}: ${result.stderr}`);
    sections.push(section(title, result, plain));
    const wide = stripVTControlCharacters(result.stdout)
      .split("\n")
      .filter((line) => [...line].length > terminal.columns && long?.test(line) !== true);
    assert.deepEqual(wide, [], `${at}: longer than the terminal`);
  }
  const [coloured, uncoloured, piped] = [
    await run(begin, { columns: 100, isTTY: true }),
    await run(begin, { columns: 100, isTTY: true }, { NO_COLOR: "1" }),
    await run(begin, { columns: 100 }),
  ].map(({ stdout }) => plain(stdout));
  assert.equal(stripVTControlCharacters(coloured ?? ""), uncoloured, `${name}: colours alone tell something`);
  assert.equal(uncoloured, piped, `${name}: NO_COLOR is not as without a terminal`);
  compareFile(`${name}.txt`, sections.join("\n"));
}

/** Compares with a file of `expected/`, or writes it with UPDATE_GOLDEN=1. */
export function compareFile(name: string, text: string): void {
  const file = join(folder, name);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing; write it with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(file, "utf8"));
}

/** Escape codes as a person can read them in a file. */
export function visible(text: string): string {
  return text.replaceAll("\u001b", "␛").replaceAll("\r", "␍");
}

async function run(
  begin: Shown["begin"],
  terminal: { readonly columns: number; readonly isTTY?: boolean },
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const world = await begin();
  try {
    return await world.run(world.target, { terminal, env: { AWS_ACCESS_KEY_ID: "test", ...env } });
  } finally {
    await world.close();
  }
}

function section(title: string, { stdout, stderr }: CliResult, plain: (text: string) => string): string {
  const error = stderr === "" ? "" : `--- stderr\n${visible(plain(stderr)).replace(/\n?$/, "\n")}`;
  return `=== ${title}\n${visible(plain(stdout))}${error}`;
}
