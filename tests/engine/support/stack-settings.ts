import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";

/** A stack's settings without the prefix of its project. */
export type StackSettings = Record<string, unknown>;

interface StackFile {
  readonly config: StackSettings;
}

/** Puts the settings of one stack file into another, whose encryption stays. */
export function takeSettings(from: string, into: string): void {
  const { config } = parse(readFileSync(from, "utf8")) as StackFile;
  const own = parse(readFileSync(into, "utf8")) as StackFile;
  writeFileSync(into, stringify({ ...own, config }));
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A stack's file with its settings without the project's prefix; those of other namespaces keep theirs. */
export function changeSettings(
  file: string,
  project: string,
  change: (settings: StackSettings) => void,
): void {
  const whole = parse(readFileSync(file, "utf8")) as StackFile;
  const prefix = `${project}:`;
  const settings = Object.fromEntries(
    Object.entries(whole.config).map(([key, value]) => [
      key.startsWith(prefix) ? key.slice(prefix.length) : key,
      value,
    ]),
  );
  change(settings);
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.includes(":") ? key : `${prefix}${key}`, value]),
  );
  writeFileSync(file, stringify({ ...whole, config }));
}
