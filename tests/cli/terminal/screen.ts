/** A terminal as far as the commands use one: lines that wrap, and a cursor that goes up and erases. */
export class Screen {
  private lines: string[] = [""];
  private row = 0;
  private column = 0;
  /** What was on it each time before something was written over. */
  readonly earlier: string[] = [];

  constructor(private readonly columns: number) {}

  write(text: string): void {
    for (const [part] of text.matchAll(/[^\P{Cc}\r\n]\[[\d;]*[A-Za-z]|[\s\S]/gu)) {
      if (part.startsWith("\u001b[")) this.control(part.slice(2, -1), part.slice(-1));
      else if (part === "\r") this.column = 0;
      else if (part === "\n") this.down();
      else this.put(part);
    }
  }

  /** What a person sees. */
  get text(): string {
    return this.lines
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  }

  private control(parameter: string, command: string): void {
    if (command === "A") {
      this.earlier.push(this.text);
      this.row = Math.max(0, this.row - Number(parameter === "" ? 1 : parameter));
    } else if (command === "J") {
      this.lines.splice(this.row + 1);
      this.cut();
    } else if (command === "K") this.cut();
    else if (command !== "m") throw new Error(`The screen does not know ESC[${parameter}${command}.`);
  }

  private cut(): void {
    this.lines[this.row] = (this.lines[this.row] ?? "").slice(0, this.column);
  }

  private down(): void {
    this.row += 1;
    if (this.row === this.lines.length) this.lines.push("");
  }

  private put(character: string): void {
    if (this.column === this.columns) {
      this.down();
      this.column = 0;
    }
    const line = (this.lines[this.row] ?? "").padEnd(this.column);
    this.lines[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1);
    this.column += 1;
  }
}
