import { stripVTControlCharacters } from "node:util";

/** One line of a log. */
export interface LogEvent {
  /** CloudWatch's own name of it, the same however often it is read. Absent where it was read from the end. */
  readonly id?: string;
  readonly stream: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

/**
 * Which part of the work wrote the line: `algo-2` of a training job's stream `<job>/algo-2-1700000000`, the instance of an
 * endpoint's `AllTraffic/i-0123`.
 */
export function sourceOf(stream: string): string {
  const last = stream.slice(stream.indexOf("/") + 1);
  return /^(algo-\d+)-\d+$/.exec(last)?.[1] ?? last;
}

/**
 * The event as one line of a terminal or a file.
 *
 * @param showsSource names the instance, where there are several.
 */
export function logLine({ at, stream, message }: LogEvent, showsSource: boolean): string {
  return `${new Date(at).toISOString().replace(/\.\d+Z$/, "Z")}  ${showsSource ? `${sourceOf(stream)}  ` : ""}${plainText(message)}`;
}

/**
 * What a program wrote, without what would steer the terminal that shows it: anyone who can make the program print can
 * otherwise move its cursor or set its title. Of a line that was written over, as progress bars do, the last form stays.
 */
export function plainText(message: string): string {
  const line = stripVTControlCharacters(message).trimEnd();
  return line
    .split("\n")
    .map((part) => part.split("\r").at(-1) ?? "")
    .join("\n  ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
      character === "\n" || character === "\t" ? character : "",
    );
}
