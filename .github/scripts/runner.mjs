// The edges: files, the runner's step output and summary, and GitHub's API by `gh`, which the runners have.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Bytes that one stack may take of a comment: GitHub takes 65,536 characters in all. */
export const sectionBytes = 18_000;

export function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** What a file holds as JSON; nothing where it is missing or was not written to its end. */
export function readJsonIfWhole(file) {
  const text = readIfThere(file);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function required(name) {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** Prints a report, and hands it to the runner as the output of this name and for the summary of the run. */
export function publish(name, report) {
  process.stdout.write(`${report}\n`);
  const { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary } = process.env;
  // The end mark cannot be guessed, so no line of the report can end it and set another output.
  const end = randomUUID();
  if (output !== undefined) appendFileSync(output, `${name}<<${end}\n${report}\n${end}\n`);
  if (summary !== undefined) appendFileSync(summary, `${report}\n`);
}

/** Calls GitHub's REST API; the body is sent as JSON on standard input. */
export function github(method, path, body) {
  const args = ["api", "--method", method, path];
  const input = body === undefined ? undefined : JSON.stringify(body);
  if (input !== undefined) args.push("--input", "-");
  return JSON.parse(run(args, input));
}

/** Everything of a list that GitHub hands out in pages. */
export function githubList(path) {
  return JSON.parse(run(["api", "--paginate", "--slurp", path])).flat();
}

function run(args, input) {
  return execFileSync("gh", args, {
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** Text that these workflows wrote themselves: nobody else's starts with the mark and is by the token's own user. */
export function isOurs(mark) {
  return ({ user, body }) => user?.login === "github-actions[bot]" && (body ?? "").startsWith(mark);
}
