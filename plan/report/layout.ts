import { createColors } from "picocolors";

/** How a report is laid out; the same plan and layout give the same text. */
export interface Layout {
  /** Columns, 60 to 140. */
  width: number;
  paint: ReturnType<typeof createColors>;
}

const minimumWidth = 60;
const maximumWidth = 140;
const defaultWidth = 100;

/**
 * Width from COLUMNS, else from the stream; colours only on a terminal without NO_COLOR (https://no-color.org).
 */
export function terminalLayout(
  environment: Readonly<Record<string, string | undefined>>,
  stream: { isTTY?: boolean; columns?: number },
): Layout {
  const asked = Number(environment.COLUMNS);
  const columns = Number.isInteger(asked) && asked > 0 ? asked : (stream.columns ?? defaultWidth);
  const colored = stream.isTTY === true && (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
  return layoutOf(columns, colored);
}

export function layoutOf(columns: number, colored: boolean): Layout {
  return { width: Math.min(maximumWidth, Math.max(minimumWidth, columns)), paint: createColors(colored) };
}

/** Keeps both ends: `urn:pul…endpoint`. The end of a name or ARN tells more than its middle. */
export function truncateMiddle(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return "…".slice(0, width);
  const head = Math.ceil((width - 1) / 2);
  const tail = width - 1 - head;
  return `${characters.slice(0, head).join("")}…${tail === 0 ? "" : characters.slice(-tail).join("")}`;
}

/**
 * Lines of at most `width` columns, broken at spaces; what has none, such as an ARN, is broken after a separator, else
 * anywhere. `rest` indents every line but the first, whose indent the caller has printed.
 */
export function wrap(text: string, width: number, rest = ""): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => Math.max(10, width - (lines.length === 0 ? 0 : rest.length));
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    let remaining = word;
    if (line !== "" && line.length + 1 + remaining.length > room()) {
      lines.push(line);
      line = "";
    }
    while (remaining.length > room()) {
      const cut = breakPoint(remaining, room());
      lines.push(remaining.slice(0, cut));
      remaining = remaining.slice(cut);
    }
    line = line === "" ? remaining : `${line} ${remaining}`;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines.map((item, index) => (index === 0 ? item : rest + item));
}

function breakPoint(word: string, room: number): number {
  const after = (marks: readonly string[]) =>
    Math.max(...marks.map((mark) => word.lastIndexOf(mark, room - 1))) + 1;
  // Between the parts of an ARN or URL rather than inside a name.
  return [after([":", "/", ","]), after(["-"])].find((cut) => cut > room / 2) ?? room;
}

/** A first column of labels, the text beside it wrapped: `label   text`. */
export function entry(
  label: string,
  text: string,
  labelWidth: number,
  indent: number,
  layout: Layout,
  color: (text: string) => string = (text) => text,
): string[] {
  const lead = " ".repeat(indent);
  const shown = truncateMiddle(label, labelWidth).padEnd(labelWidth);
  const rest = " ".repeat(indent + labelWidth + 2);
  const [first = "", ...others] = wrap(text, layout.width - rest.length);
  return [
    `${lead}${layout.paint.bold(shown)}  ${color(first)}`.trimEnd(),
    ...others.map((line) => rest + color(line.trimStart())),
  ];
}

/** "3 resources", "1 resource". */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** The logical name at the end of a URN; the URN itself if it is none. */
export function nameOf(urn: string): string {
  return urn.startsWith("urn:pulumi:") ? urn.slice(urn.lastIndexOf("::") + 2) : urn;
}

/** `aws:sagemaker/endpoint:Endpoint` → `sagemaker.Endpoint`; a component's type stays as it is. */
export function shortType(type: string): string {
  const found = /^aws:([^/]+)\/[^:]+:(.+)$/.exec(type);
  return found === null ? type : `${found[1]}.${found[2]}`;
}

/** "s3.Bucket data" of a URN: names alone repeat across types. */
export function typedNameOf(urn: string): string {
  const type = urn.startsWith("urn:pulumi:") ? (urn.split("::")[2]?.split("$").pop() ?? "") : "";
  return type === "" ? urn : `${shortType(type)} ${nameOf(urn)}`;
}
