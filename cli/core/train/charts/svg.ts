/** A drawing that stands alone as a file and in a page. */
export interface Chart {
  /** Name of its file, without `.svg`. */
  readonly name: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** SVG elements below the title; their classes are those of `chartStyle`. */
  readonly body: string;
}

/**
 * Colours for light and dark, by the reader's own setting. The one that stands out differs from the rest in lightness and in
 * width too, so that it does not depend on seeing its colour.
 */
export const chartStyle = `.chart{--paper:#ffffff;--ink:#1f2937;--soft:#5b6472;--grid:#dfe3e8;--line:#3b6fb6;--best:#b93a0a;--bad:#8b5e00}
@media (prefers-color-scheme: dark){.chart{--paper:#14181f;--ink:#e6e9ee;--soft:#a3acb9;--grid:#323a46;--line:#7fb0ee;--best:#ff9d5c;--bad:#e0b04a}}
.chart{font:12px system-ui,sans-serif}
.chart text{fill:var(--ink);stroke:var(--paper);stroke-width:3px;paint-order:stroke}
.chart .title{font-size:14px;font-weight:600}
.chart .soft{fill:var(--soft)}
.chart .label-best{fill:var(--best);font-weight:600}
.chart .label-line{fill:var(--line);font-weight:600}
.chart .paper{fill:var(--paper)}
.chart .grid{stroke:var(--grid);fill:none}
.chart .axis{stroke:var(--soft);fill:none}
.chart .line{stroke:var(--line);stroke-width:1.5;fill:none}
.chart .faint{stroke-opacity:var(--faint,.45)}
.chart .best{stroke:var(--best);stroke-width:3;fill:none}
.chart .dashed{stroke-dasharray:6 4}
.chart .dot{fill:var(--line)}
.chart .dot-best{fill:var(--best);stroke:var(--paper);stroke-width:2}
.chart .bar{fill:var(--line);fill-opacity:.75}
.chart .bar-best{fill:var(--best)}
.chart .bar-bad{fill:none;stroke:var(--bad);stroke-width:1.5;stroke-dasharray:3 2}`;

/** The chart as a file of its own. */
export function svgFile(chart: Chart): string {
  return `${svgElement(chart, `<style>${chartStyle}</style>`)}\n`;
}

/** The chart as part of a page that has the style already. */
export function svgElement({ title, description, width, height, body }: Chart, style = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>${style}<rect class="paper" width="100%" height="100%"/>${text(16, 24, title, "title")}${body}</svg>`;
}

/** Text for XML and HTML; what may not stand in XML at all is left out. */
export function escaped(value: string): string {
  return value
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export function text(
  x: number,
  y: number,
  content: string,
  className = "",
  anchor: "start" | "middle" | "end" = "start",
): string {
  const classes = className === "" ? "" : ` class="${className}"`;
  const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${pixel(x)}" y="${pixel(y)}"${classes}${at}>${escaped(content)}</text>`;
}

/** A line through the points; one point alone is drawn as a dot by the caller. */
export function polyline(
  points: readonly (readonly [number, number])[],
  className: string,
  told: string,
): string {
  const path = points.map(([x, y]) => `${pixel(x)},${pixel(y)}`).join(" ");
  return `<polyline class="${className}" points="${path}"><title>${escaped(told)}</title></polyline>`;
}

/** Lines together, each the fainter the more there are, so that where many run together can still be seen. */
export function crowd(lines: readonly string[]): string {
  const opacity = Math.max(0.12, Math.min(0.45, 12 / Math.max(1, lines.length)));
  return `<g style="--faint:${Math.round(opacity * 100) / 100}">${lines.join("")}</g>`;
}

export function dot(x: number, y: number, radius: number, className: string, told: string): string {
  return `<circle class="${className}" cx="${pixel(x)}" cy="${pixel(y)}" r="${radius}"><title>${escaped(told)}</title></circle>`;
}

export function rule(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return `<line class="${className}" x1="${pixel(x1)}" y1="${pixel(y1)}" x2="${pixel(x2)}" y2="${pixel(y2)}"/>`;
}

/** A tenth of a pixel is enough, and the same on every machine. */
export function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}
