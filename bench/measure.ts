import { spawn } from "node:child_process";

/** One run of a process. */
export interface Run {
  readonly wallMs: number;
  /** User and system time of the process and the children it waited for. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** A command to measure: a Node script with its arguments. */
export interface Subject {
  readonly name: string;
  readonly args: readonly string[];
}

/**
 * Runs the subjects in turn, `rounds` times after one warm-up each, so that a slow minute of the machine meets all of
 * them alike.
 *
 * @throws Error when a subject fails.
 */
export async function interleave(subjects: readonly Subject[], rounds: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const subject of subjects) {
      const run = await measure(subject);
      if (round >= 0) runs.get(subject.name)?.push(run);
      process.stderr.write(".");
    }
  }
  process.stderr.write("\n");
  return runs;
}

/** The middle value; of an even number of values the lower middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

function measure({ name, args }: Subject): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, ["--require", require.resolve("./report-usage.cjs"), ...args], {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let report = "";
    let errors = "";
    child.stdio[3]?.on("data", (chunk) => {
      report += String(chunk);
    });
    child.stderr?.on("data", (chunk) => {
      errors += String(chunk);
    });
    child.on("error", reject);
    child.on("close", (status) => {
      const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
      if (status !== 0) {
        reject(new Error(`${name} ended with status ${status}: ${errors.slice(-2000)}`));
        return;
      }
      const usage = JSON.parse(report) as { cpuMs: number; peakMiB: number };
      resolve({ wallMs, ...usage });
    });
  });
}
