import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";

/** One section of README's chapter, with the lines of its shell blocks as they are written there, comments included. */
export interface Section {
  /** The bold words that it begins with. */
  readonly title: string;
  readonly lines: readonly string[];
}

const chapterTitle = "## Deploy for real";

/** README's chapter on deploying, section by section. */
export function deployChapter(): readonly Section[] {
  const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
  const start = readme.indexOf(`\n${chapterTitle}\n`);
  if (start < 0) throw new Error(`README.md has no chapter "${chapterTitle}".`);
  const body = readme.slice(start + chapterTitle.length + 2);
  const end = body.search(/^## /m);
  return body
    .slice(0, end < 0 ? undefined : end)
    .split(/^\*\*(?=[^*]+\*\*)/m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf("**")).replace(/\.$/, ""),
      lines: [...section.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
        block.split("\n").filter((line) => line.trim() !== ""),
      ),
    }))
    .filter(({ lines }) => lines.length > 0);
}
