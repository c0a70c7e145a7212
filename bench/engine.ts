import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { bundle } from "../infra/lambda-code";
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
/** Where no number of rounds is asked for, none is begun after this. */
const enoughMs = 10 * 60_000;
/** Ours in proportion to the baseline. */
const limit = 1.2;
const operations = ["preview", "up"] as const;

type Operation = (typeof operations)[number];

interface Subject {
  readonly name: string;
  readonly stack: EngineStack;
}

/** What one deployment used: `cpuMs` and `peakMiB` are the program's own, in the process that registers the resources. */
interface Deployment extends Run {
  /** User and system time of all its processes: command line, engine, language host, program and provider. Linux only. */
  readonly allCpuMs: number;
}

/**
 * Prints what `preview` and `up` of many endpoints take on the real engine, beside the same AWS resources written raw. Engine and
 * simulated provider are the same for both.
 *
 * @param rounds in which each is run once, after a warm-up. @default - as many as begin within ten minutes
 */
export async function engineBench(rounds?: number): Promise<void> {
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
  const code = await bundle("lambda/invoke/index.mts");
  const raw = await EngineStack.ofProgram(cli.path, "raw", "dev", rawFiles(planned, code, false));
  const components = await EngineStack.ofProgram(cli.path, "raw", "dev", rawFiles(planned, code, true));
  const subjects: readonly Subject[] = [
    { name: "the program", stack: ours },
    { name: "raw", stack: raw },
    { name: "raw in components", stack: components },
  ];
  try {
    for (const { stack } of subjects) {
      stack.setFaults({ quotas: instanceQuotas(planned) });
      // In the tests a file keeps the CLI from its log, an encrypted one of each message. People's runs have it.
      rmSync(stack.beside("home/logs"), { recursive: true, force: true });
    }
    const started = performance.now();
    // Programs are stripped and providers loaded for the first time; the second operation would warm nothing more.
    for (const subject of subjects) await measure(subject, "preview");
    const taken = new Map<string, Deployment[]>();
    let round = 0;
    while (rounds === undefined ? round === 0 || performance.now() - started < enoughMs : round < rounds) {
      // Each is first as often as the others: what one leaves behind, a busy disk or a hot processor, meets the next.
      const inTurn = subjects.map((_, index) => subjects[(index + round) % subjects.length] as Subject);
      for (const operation of operations) {
        for (const subject of inTurn) {
          const run = await measure(subject, operation);
          const key = `${operation} ${subject.name}`;
          taken.set(key, [...(taken.get(key) ?? []), run]);
          process.stderr.write(".");
        }
      }
      round += 1;
    }
    process.stderr.write("\n");
    report(planned, subjects, taken, round, cli.version);
  } finally {
    for (const { stack } of subjects) stack.remove();
  }
}

function manyEndpoints(): StackSettings {
  const { config } = parse(withEndpoints(join(root, "Pulumi.dev.yaml"), endpoints)) as {
    config: StackSettings;
  };
  const settings = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^sagemaker-ops:/, ""), value]),
  );
  // So many functions share the thousand executions of the simulated account.
  for (const endpoint of Object.values(settings.endpoints as Record<string, { function: StackSettings }>)) {
    endpoint.function = {
      ...endpoint.function,
      reservedConcurrency: 5,
      provisionedConcurrency: { kind: "fixed", count: 3 },
    };
  }
  return settings;
}

/** Enough instances of each type for every endpoint; the simulated account has as few as a new one. */
function instanceQuotas(planned: readonly Planned[]): Record<string, number> {
  const types = JSON.stringify(planned.map(({ inputs }) => inputs)).matchAll(/"instanceType":"([^"]+)"/g);
  return Object.fromEntries([...types].map(([, type]) => [type, 10 * endpoints]));
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

function rawFiles(planned: readonly Planned[], code: string, inComponents: boolean): Record<string, string> {
  return {
    "Pulumi.yaml": "name: raw\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
    "package.json": '{ "name": "raw", "version": "1.0.0", "main": "index.ts" }',
    "tsconfig.json": readFileSync(join(root, "tsconfig.json"), "utf8"),
    "index.ts": readFileSync(join(__dirname, "raw-program.ts"), "utf8"),
    "function/index.mjs": code,
    "resources.json": JSON.stringify(rawResources(planned, inComponents)),
  };
}

/** On an empty account and an empty state each time; the program stays where it is, as loaders cache by path. */
async function measure({ name, stack }: Subject, operation: Operation): Promise<Deployment> {
  const usage = stack.beside("usage.json");
  const backend = stack.beside("measured");
  const temporary = stack.beside("tmp");
  mkdirSync(temporary, { recursive: true });
  cpSync(stack.beside("backend"), backend, { recursive: true });
  try {
    const [started, before] = [performance.now(), childrenCpuMs()];
    const { status, stdout, stderr } = await stack.pulumi(
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
        PULUMI_BACKEND_URL: `file://${backend}`,
        // The file backend writes the whole state with every step, which would be most of the time.
        PULUMI_EXPERIMENTAL: "true",
        PULUMI_SKIP_CHECKPOINTS: "true",
        SIMULATED_AWS_IN_MEMORY: "true",
        // tsx looks through its cache at every start, and the machine's own may have grown for days.
        TMPDIR: temporary,
      },
      mostMs,
    );
    const [wallMs, allCpuMs] = [performance.now() - started, childrenCpuMs() - before];
    if (status !== 0) throw new Error(`${operation} of ${name} failed: ${(stdout + stderr).slice(-3000)}`);
    return {
      wallMs,
      allCpuMs,
      ...(JSON.parse(readFileSync(usage, "utf8")) as Omit<Run, "wallMs">),
    };
  } finally {
    for (const made of [usage, backend]) rmSync(made, { recursive: true, force: true });
  }
}

/**
 * Processor time of this process's children that have ended, with theirs; NaN where there is no /proc.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (cutime and cstime, in hundredths of a second).
 */
function childrenCpuMs(): number {
  if (process.platform !== "linux") return Number.NaN;
  const stat = readFileSync("/proc/self/stat", "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return (Number(user) + Number(system)) * 10;
}

function report(
  planned: readonly Planned[],
  subjects: readonly Subject[],
  taken: ReadonlyMap<string, readonly Deployment[]>,
  rounds: number,
  version: string,
): void {
  const of = (key: string, what: keyof Deployment) => median((taken.get(key) ?? []).map((run) => run[what]));
  const count = planned.filter(({ type }) => type.startsWith("aws:")).length;
  const ratios = operations.flatMap((operation) =>
    [
      ["the program", "raw"],
      ["raw in components", "raw"],
      ["the program", "raw in components"],
    ].map(([one, other]) => {
      const ratio = (what: keyof Deployment) =>
        (of(`${operation} ${one}`, what) / of(`${operation} ${other}`, what)).toFixed(2);
      return `- ${operation}, ${one} / ${other}: time ${ratio("wallMs")}, processor time of all ${ratio("allCpuMs")}, of the program ${ratio("cpuMs")}, its memory ${ratio("peakMiB")}${other === "raw" && one === "the program" ? ` (limit ${limit})` : ""}`;
    }),
  );
  console.log(
    [
      "",
      `Engine ${version} on Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${endpoints} endpoints, ${count} AWS resources and ${planned.length - count} components; medians of ${rounds} interleaved runs`,
      "| run | ms | CPU ms of all | of the program | peak MiB of the program |",
      "|---|---|---|---|---|",
      ...operations
        .flatMap((operation) => subjects.map(({ name }) => `${operation} ${name}`))
        .map(
          (key) =>
            `| ${key} | ${of(key, "wallMs").toFixed(0)} | ${of(key, "allCpuMs").toFixed(0)} | ${of(key, "cpuMs").toFixed(0)} | ${of(key, "peakMiB").toFixed(0)} |`,
        ),
      "",
      ...ratios,
    ].join("\n"),
  );
}
