import { type Layout, wrap } from "../../plan/report/layout";

/** A line of a table of checks: what was looked at, how it stands, what there is to say, what to do. */
export interface CheckRow {
  readonly check: string;
  readonly mark: string;
  readonly color: (text: string) => string;
  readonly said: string;
  readonly next?: string | undefined;
}

/** Lays out rows; all rows of a report are given first, so that its columns are the same under every heading. */
export function findingsTable(
  all: readonly Pick<CheckRow, "check" | "mark">[],
  { paint, width }: Layout,
): (row: CheckRow) => string[] {
  const columns = Math.max(...all.map(({ check }) => check.length), 0);
  const marks = Math.max(...all.map(({ mark }) => mark.length), 0);
  const indent = " ".repeat(columns + marks + 6);
  return ({ check, mark, color, said, next }) => {
    const [first = "", ...rest] = wrap(said, width - indent.length);
    return [
      `  ${check.padEnd(columns)}  ${color(mark.padEnd(marks))}  ${first}`,
      ...rest.map((text) => indent + text),
      ...(next === undefined
        ? []
        : wrapAroundLinks(next, width - indent.length).map((text) => indent + paint.cyan(text))),
    ];
  };
}

/** As `wrap`, but an address that does not fit is left whole on a line of its own: cut, it cannot be followed. */
function wrapAroundLinks(text: string, width: number): string[] {
  const longLink = new RegExp(`\\s*(https?://\\S{${Math.max(1, width - 8)},})\\s*`);
  return text
    .split(longLink)
    .flatMap((part, index) => (index % 2 === 1 ? [part] : part === "" ? [] : wrap(part, width)));
}
