import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import { applyMutant } from "./apply";
import { type Mutant, mutants } from "./mutants";

// A process of its own, as it takes many minutes:
//   node --require tsx/cjs tests/engine/mutants/run.ts [<scenario>...]
// runs the scenario of each mutant in a copy of the clone with that mutant, and says which test saw it. The exit status is 1 where a
// mutant was not seen by the test that the table names.

interface Failure {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

const wanted = process.argv.slice(2);
const chosen = mutants.filter(({ scenario }) => wanted.length === 0 || wanted.includes(scenario));
const survivors = chosen.filter((mutant) => !isSeen(mutant));
process.stdout.write(`${chosen.length} mutants, ${survivors.length} not seen\n`);
process.exitCode = survivors.length === 0 && chosen.length > 0 ? 0 : 1;

function isSeen(mutant: Mutant): boolean {
  const { without, scenario, failing } = mutant;
  const folder = mkdtempSync(join(tmpdir(), "mutant-"));
  try {
    copyClone(folder);
    applyMutant(folder, mutant);
    const failures = failuresOf(folder, scenario);
    const seen = failures.some(({ fullTitle }) => fullTitle.includes(failing));
    process.stdout.write(`${seen ? "seen" : "NOT SEEN"}: without ${without}, ${scenario}\n`);
    for (const { fullTitle, err } of failures)
      process.stdout.write(`  ${fullTitle}: ${told(err.message ?? "")}\n`);
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Enough of a message to see what differs. */
function told(message: string): string {
  return message.split("\n").slice(0, 16).join("\n    ");
}

/** All but what is fetched, made anew, or the clone's history. */
function copyClone(folder: string): void {
  const left = new Set(["node_modules", ".git", "dist"]);
  for (const name of readdirSync(projectRoot)) {
    if (left.has(name)) continue;
    cpSync(join(projectRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.split("/").some((part) => part === "node_modules"),
    });
  }
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}

/** @throws Error where the tests did not run at all. */
function failuresOf(folder: string, scenario: string): readonly Failure[] {
  const report = join(folder, "report.json");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...[join(folder, "node_modules/mocha/bin/mocha.js"), `tests/engine/${scenario}.test.ts`],
      ...["--reporter", "json", "--reporter-option", `output=${report}`],
    ],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  if (!existsSync(report))
    throw new Error(`${scenario} ended with status ${status} and no report: ${stderr}`);
  return (JSON.parse(readFileSync(report, "utf8")) as { failures: Failure[] }).failures;
}
