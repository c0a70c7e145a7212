import { stripVTControlCharacters } from "node:util";

type Stream = Pick<NodeJS.WriteStream, "write"> & { readonly columns?: number; readonly rows?: number };

/** Some lines of a terminal that are written over by their next form. */
export class LiveBlock {
  private rows = 0;

  constructor(private readonly stream: Stream) {}

  /** Shows the lines in place of those before; where they do not fit the terminal's height, the shorter form. */
  show(lines: readonly string[], shorter: readonly string[] = lines): void {
    const height = this.stream.rows ?? 24;
    // Lines that have scrolled away cannot be written over.
    const fitting = this.rowsOf(lines) < height ? lines : this.beginning(shorter, height - 1);
    this.stream.write(`${this.back()}${fitting.map((line) => `${line}\n`).join("")}`);
    this.rows = this.rowsOf(fitting);
  }

  /** As many of the lines as fit the rows. */
  private beginning(lines: readonly string[], rows: number): readonly string[] {
    let room = rows;
    const end = lines.findIndex((line) => {
      room -= this.rowsOf([line]);
      return room < 0;
    });
    return end < 0 ? lines : lines.slice(0, end);
  }

  clear(): void {
    this.stream.write(this.back());
    this.rows = 0;
  }

  private back(): string {
    return this.rows === 0 ? "" : `\u001b[${this.rows}A\r\u001b[J`;
  }

  /** Rows of the terminal: a line longer than it takes several. */
  private rowsOf(lines: readonly string[]): number {
    const columns = Math.max(1, this.stream.columns ?? 80);
    return lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
      0,
    );
  }
}
