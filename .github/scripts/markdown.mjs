// Text of programs, clouds and tools, made harmless for Markdown. Nothing of it may end a fence or a table, call people by
// `@`, or hide by control characters or by turned writing (https://trojansource.codes).

import { stripVTControlCharacters } from "node:util";

/** Control and format characters, such as those that turn the direction of writing; line feeds and tabs are none of them. */
const invisible = /[^\P{Cc}\n\t]|\p{Cf}/gu;

/** Without colours, control characters and turned writing; line feeds and tabs stay. */
export function clean(text) {
  return stripVTControlCharacters(text).replace(invisible, "");
}

/** One line of prose, as it is written: no markup, no link to people or issues. */
export function prose(text) {
  return clean(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>|~!&]/g, "\\$&")
    .replace(/[@#]/g, "$&\u200b");
}

/** One line of code, for a table as well. */
export function code(text) {
  return `\`${clean(text).replace(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** A block of code that its content cannot end. */
export function fence(text, language = "text") {
  const content = clean(text).trimEnd();
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${content}\n${marks}`;
}

/** A table; its cells are Markdown. */
export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What is folded until somebody asks for it. */
export function details(summary, content) {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Characters of one line; a document that is one line would take the room of all others. */
const longestLine = 500;

/**
 * Lines within this many bytes, from the start or from the end, with a line that tells how many are left out.
 */
export function clip(text, bytes, keep = "start") {
  const lines = clean(text)
    .trimEnd()
    .split("\n")
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  const ordered = keep === "start" ? lines : lines.toReversed();
  const kept = [];
  let left = bytes - 80;
  for (const line of ordered) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  if (kept.length === lines.length) return lines.join("\n");
  const note = `… ${lines.length - kept.length} more lines are in the log of the run`;
  return (keep === "start" ? [...kept, note] : [note, ...kept.toReversed()]).join("\n");
}
