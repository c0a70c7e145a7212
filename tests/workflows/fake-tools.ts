import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { scriptFolder } from "./workflow-files";

/** What a stand-in does when it is called with these words among its arguments, in this order. */
export interface Answer {
  readonly tool: "npx" | "gh" | "pulumi";
  readonly words: readonly string[];
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Written to the file that is named after this argument. */
  readonly writes?: { readonly after: string; readonly content: string };
}

export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly debugCommands: string | undefined;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const standIn = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");
const tool = basename(process.argv[1]), here = dirname(process.argv[1]), args = process.argv.slice(2);
const input = args.includes("--input") ? readFileSync(0, "utf8") : "";
appendFileSync(join(here, "calls"), JSON.stringify({ tool, args, input, debugCommands: process.env.PULUMI_DEBUG_COMMANDS }) + "\\n");
const inOrder = (words) => { let at = -1; return words.every((word) => (at = args.indexOf(word, at + 1)) >= 0); };
const answers = JSON.parse(readFileSync(join(here, "answers"), "utf8"));
const answer = answers.find((candidate) => candidate.tool === tool && inOrder(candidate.words));
if (answer === undefined) { process.stderr.write("no answer for " + tool + " " + args.join(" ") + "\\n"); process.exit(99); }
if (answer.writes) writeFileSync(args[args.indexOf(answer.writes.after) + 1], answer.writes.content);
process.stdout.write(answer.stdout ?? "");
process.stderr.write(answer.stderr ?? "");
process.exitCode = answer.status ?? 0;
`;

/**
 * A runner's machine, as far as the scripts see it: stand-ins for npx, pulumi and gh that note every call, a working folder, and
 * the files for a step's output and for the summary. Does not prove what the real tools do with the arguments.
 */
export class FakeTools {
  readonly folder = mkdtempSync(join(tmpdir(), "workflow-scripts-"));
  readonly work = join(this.folder, "work");
  readonly results = join(this.folder, "results");
  private readonly bin = join(this.folder, "bin");

  constructor(tools: readonly Answer["tool"][] = ["npx", "gh", "pulumi"]) {
    for (const folder of [this.work, this.bin]) mkdirSync(folder);
    for (const tool of tools) {
      writeFileSync(join(this.bin, tool), standIn);
      chmodSync(join(this.bin, tool), 0o755);
    }
    this.answer();
  }

  answer(...answers: readonly Answer[]): void {
    writeFileSync(join(this.bin, "answers"), JSON.stringify(answers));
  }

  /** Runs a script of the workflows as a step does. */
  run(
    script: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    cwd = this.work,
  ): Ended {
    const program = script.endsWith(".sh") ? "bash" : process.execPath;
    const { status, stdout, stderr } = spawnSync(program, [join(scriptFolder, script), ...args], {
      cwd,
      encoding: "utf8",
      env: {
        PATH: [this.bin, dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
        HOME: process.env.HOME ?? this.folder,
        GITHUB_OUTPUT: join(this.folder, "output"),
        GITHUB_STEP_SUMMARY: join(this.folder, "summary"),
        ...env,
      },
    });
    return { status, stdout, stderr };
  }

  calls(): Call[] {
    const text = this.read("bin/calls") ?? "";
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Call);
  }

  /** What was called, without the way to it: `plan --stack dev --json`. */
  lines(): string[] {
    return this.calls().map(({ tool, args }) =>
      [tool, ...args]
        .join(" ")
        .replace("npx --no-install sagemaker-ops ", "")
        .replaceAll(this.folder, "<folder>"),
    );
  }

  read(path: string): string | undefined {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Makes a repository in a folder, with one commit for each of these sets of files, `null` being none. Returns the commits' ids. */
export function commitEach(
  folder: string,
  commits: readonly Readonly<Record<string, string | null>>[],
): string[] {
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      "git",
      ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", ...args],
      { cwd: folder, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
    return stdout.trim();
  };
  git("init", "--quiet");
  return commits.map((files) => {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) {
        rmSync(join(folder, path));
        continue;
      }
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    git("add", "--all");
    git("commit", "--quiet", "--message", "test");
    return git("rev-parse", "HEAD");
  });
}
