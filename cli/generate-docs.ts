import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { documents } from "./core/documents";
import { projectRoot } from "./core/project-root";

/** `npm run docs`: writes every document that is made from the code. A test holds the committed files against it. */
for (const [path, content] of Object.entries(documents())) {
  const file = join(projectRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  if (read(file) !== content) {
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
