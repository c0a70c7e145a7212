import { cpSync, lstatSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";

/** What a run of the program needs of the clone. Folders are linked, as packages are, until a test changes something in them. */
const linked = ["infra", "policy", "lambda", "training"];
const copied = ["package.json", "tsconfig.json", "Pulumi.yaml"];

/** Puts the program into a folder. */
export function linkProgram(folder: string): void {
  for (const name of linked) symlinkSync(join(projectRoot, name), join(folder, name));
  for (const name of copied) cpSync(join(projectRoot, name), join(folder, name));
}

/** Puts copies in the place of what is linked: to be called before anything is written into the folder. */
export function ownProgram(folder: string): void {
  for (const name of linked) {
    const path = join(folder, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    rmSync(path);
    cpSync(join(projectRoot, name), path, { recursive: true });
  }
}
