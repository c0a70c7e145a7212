import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { pulumiCli } from "../tests/engine/cli/pulumi-cli";
import { EngineStack } from "../tests/engine/support/engine-stack";
import { everythingDue } from "../tests/engine/support/settings";
import type { StackSettings } from "../tests/engine/support/stack-settings";
import { withEndpoints } from "./endpoints-config";
import { median, type Run } from "./measure";
import { type Planned, rawResources } from "./raw-resources";

const root = resolve(__dirname, "..");
const endpoints = Number(process.env.BENCH_ENDPOINTS ?? 100);
/** A deployment of 100 endpoints takes minutes where the machine is busy. */
const mostMs = 30 * 60_000;
/** Ours in proportion to the baseline. */
const limit = 1.2;

type Operation = "preview" | "up";

interface Subject {
  readonly name: string;
  readonly stack: EngineStack;
}

/**
 * Prints what `preview` and `up` of many endpoints take on the real engine, beside the same AWS resources written raw. Engine and
 * simulated provider are the same for both; processor time and memory are those of the program's own process.
 */
export async function engineBench(rounds: number): Promise<void> {
  const cli = await pulumiCli();
  if (cli.kind === "none") {
    console.log(`\nThe engine is not measured: ${cli.reason}.`);
    return;
  }
  const ours = await EngineStack.ofProject(cli.path, "dev", (settings) => {
    for (const key of Object.keys(settings)) delete settings[key];
    Object.assign(settings, manyEndpoints());
    everythingDue(settings);
  });
  const planned = plan(ours.path("Pulumi.dev.yaml"));
  const raw = await EngineStack.ofProgram(cli.path, "raw", "dev", rawFiles(planned));
  const subjects: readonly Subject[] = [
    { name: "the program", stack: ours },
    { name: "raw", stack: raw },
  ];
  try {
    const taken = new Map<string, Run[]>();
    for (let round = -1; round < rounds; round++) {
      for (const operation of ["preview", "up"] as const) {
        for (const subject of subjects) {
          const run = await measure(subject, operation);
          const key = `${operation} ${subject.name}`;
          if (round >= 0) taken.set(key, [...(taken.get(key) ?? []), run]);
          process.stderr.write(".");
        }
      }
    }
    process.stderr.write("\n");
    report(planned, taken, rounds, cli.version);
  } finally {
    for (const { stack } of subjects) stack.remove();
  }
}

function manyEndpoints(): StackSettings {
  const { config } = parse(withEndpoints(join(root, "Pulumi.dev.yaml"), endpoints)) as {
    config: StackSettings;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^sagemaker-ops:/, ""), value]),
  );
}

function plan(file: string): Planned[] {
  const cli = join(root, "cli/bin.cjs");
  const text = execFileSync(
    process.execPath,
    [cli, "plan", "--stack", "dev", "--config-file", file, "--json"],
    { maxBuffer: 2 ** 30, encoding: "utf8" },
  );
  return (JSON.parse(text) as { resources: Planned[] }).resources;
}

function rawFiles(planned: readonly Planned[]): Record<string, string> {
  return {
    "Pulumi.yaml": "name: raw\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
    "package.json": '{ "name": "raw", "version": "1.0.0", "main": "index.ts" }',
    "tsconfig.json": readFileSync(join(root, "tsconfig.json"), "utf8"),
    "index.ts": readFileSync(join(__dirname, "raw-program.ts"), "utf8"),
    "resources.json": JSON.stringify(rawResources(planned)),
  };
}

/** On an empty account each time. */
async function measure({ name, stack }: Subject, operation: Operation): Promise<Run> {
  const fresh = stack.fork();
  try {
    const usage = fresh.beside("usage.json");
    const started = performance.now();
    const { status, stdout, stderr } = await fresh.pulumi(
      [
        operation,
        "--stack",
        "dev",
        "--non-interactive",
        ...(operation === "up" ? ["--yes", "--skip-preview"] : []),
      ],
      {
        NODE_OPTIONS: `--require ${join(__dirname, "report-program.cjs")}`,
        BENCH_USAGE: usage,
        // The file backend writes the whole state with every step, which would be most of the time.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
        SIMULATED_AWS_IN_MEMORY: "true",
      },
      mostMs,
    );
    const wallMs = performance.now() - started;
    if (status !== 0) throw new Error(`${operation} of ${name} failed: ${(stdout + stderr).slice(-3000)}`);
    return { wallMs, ...(JSON.parse(readFileSync(usage, "utf8")) as Omit<Run, "wallMs">) };
  } finally {
    fresh.remove();
  }
}

function report(
  planned: readonly Planned[],
  taken: ReadonlyMap<string, readonly Run[]>,
  rounds: number,
  version: string,
): void {
  const of = (key: string, what: keyof Run) => median((taken.get(key) ?? []).map((run) => run[what]));
  const count = planned.filter(({ type }) => type.startsWith("aws:")).length;
  const ratios = (["preview", "up"] as const).map((operation) => {
    const ratio = (what: keyof Run) =>
      (of(`${operation} the program`, what) / of(`${operation} raw`, what)).toFixed(2);
    return `- ${operation}, the program / raw: time ${ratio("wallMs")}, processor time of the program ${ratio("cpuMs")}, memory ${ratio("peakMiB")} (limit ${limit})`;
  });
  console.log(
    [
      "",
      `Engine ${version} on Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${endpoints} endpoints, ${count} AWS resources and ${planned.length - count} components; medians of ${rounds} interleaved runs`,
      "| run | ms | CPU ms of the program | peak MiB of the program |",
      "|---|---|---|---|",
      ...[...taken.keys()].map(
        (key) =>
          `| ${key} | ${of(key, "wallMs").toFixed(0)} | ${of(key, "cpuMs").toFixed(0)} | ${of(key, "peakMiB").toFixed(0)} |`,
      ),
      "",
      ...ratios,
    ].join("\n"),
  );
}
