import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type RunningPack, startPack } from "../tests/support/policy-pack-process";
import type { PolicyRequest } from "../tests/support/policy-request";
import { type StackResource, toStackRequest } from "../tests/support/stack-request";
import { benchEvaluator } from "./evaluator";
import { median } from "./measure";

const root = resolve(__dirname, "..");

/** Milliseconds of one pack: what one waits for, and the processor time of the pack's own process. */
interface Times {
  readonly start: Spent;
  readonly perResource: Spent;
  readonly stack: Spent;
}

interface Spent {
  readonly wallMs: number;
  /** NaN where the system does not tell it. */
  readonly cpuMs: number;
}

interface PackTimes extends Times {
  readonly name: string;
}

const unmeasured: Spent = { wallMs: Number.NaN, cpuMs: Number.NaN };

/** Sizes that the limits are stated for. */
const stackSize = 5000;
const statements = 100;

/** Prints what the pack takes, beside a pack of one rule that looks at nothing. */
export async function packBench(rounds: number): Promise<void> {
  const packs = await benchPacks(rounds);
  const [compiled, sources, empty] = packs;
  if (compiled === undefined || sources === undefined || empty === undefined) return;
  const evaluatorMs = benchEvaluator(statements, 50);

  console.log(
    [
      "",
      `Policy pack on Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; medians of ${rounds} interleaved runs`,
      `| pack | start ms (CPU) | per resource ms (CPU) | stack of ${stackSize} ms (CPU) |`,
      "|---|---|---|---|",
      ...packs.map(
        ({ name, start, perResource, stack }) =>
          `| ${name} | ${shown(start, 0)} | ${shown(perResource, 2)} | ${shown(stack, 0)} |`,
      ),
      "",
      `start, compiled / from its sources: ${ratio(compiled.start, sources.start)}; / one empty rule: ${ratio(compiled.start, empty.start)} (limit 1300 ms)`,
      `per resource / one empty rule: ${ratio(compiled.perResource, empty.perResource)} (limit 2.5 ms)`,
      `stack of ${stackSize} / one empty rule: ${ratio(compiled.stack, empty.stack)} (limit 1000 ms)`,
      `evaluator, one policy of ${statements} statements: ${evaluatorMs.toFixed(2)} ms (limit 5 ms)`,
    ].join("\n"),
  );
}

function ratio(a: Spent, b: Spent): string {
  return (a.wallMs / b.wallMs).toFixed(2);
}

function shown({ wallMs, cpuMs }: Spent, digits: number): string {
  return Number.isNaN(wallMs) ? "" : `${wallMs.toFixed(digits)} (${cpuMs.toFixed(digits)})`;
}

/**
 * The pack beside a pack of one rule that looks at nothing, both under Pulumi's launcher and over gRPC, on the resources of the
 * `prod` plan. They take turns, so that a slow minute of the machine meets all of them alike.
 */
async function benchPacks(rounds: number): Promise<readonly PackTimes[]> {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-guard-bench-"));
  try {
    const packs = [
      { name: "sagemaker-guard, compiled", folder: join(root, "policy"), analyses: true },
      {
        name: "sagemaker-guard, from its sources",
        folder: sourcesOnly(join(folder, "sources")),
        analyses: false,
      },
      { name: "one empty rule", folder: emptyPack(join(folder, "empty")), analyses: true },
    ];
    const requests = plannedRequests();
    const stack = toStackRequest(repeated(requests, stackSize));
    const samples = new Map<string, Times[]>(packs.map(({ name }) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const pack of packs) {
        const taken = await measure(pack, requests, stack);
        if (round >= 0) samples.get(pack.name)?.push(taken);
        process.stderr.write(".");
      }
    }
    process.stderr.write("\n");
    return packs.map(({ name }) => {
      const own = samples.get(name) ?? [];
      const middle = (of: (times: Times) => Spent): Spent => ({
        wallMs: median(own.map((times) => of(times).wallMs)),
        cpuMs: median(own.map((times) => of(times).cpuMs)),
      });
      return {
        name,
        start: middle(({ start }) => start),
        perResource: middle(({ perResource }) => perResource),
        stack: middle(({ stack: whole }) => whole),
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Pack {
  readonly folder: string;
  readonly analyses: boolean;
}

async function measure(
  { folder, analyses }: Pack,
  requests: readonly PolicyRequest[],
  stack: Parameters<RunningPack["sendStack"]>[0],
): Promise<Times> {
  const started = performance.now();
  const pack = await startPack(folder, 120_000);
  const start = { wallMs: performance.now() - started, cpuMs: cpuOf(pack.pid) };
  try {
    if (!analyses) return { start, perResource: unmeasured, stack: unmeasured };
    await analyzeAll(pack, requests);
    const all = await spent(pack, async () => {
      for (let pass = 0; pass < passes; pass++) await analyzeAll(pack, requests);
    });
    const count = passes * requests.length;
    return {
      start,
      perResource: { wallMs: all.wallMs / count, cpuMs: all.cpuMs / count },
      stack: await spent(pack, () => pack.sendStack(stack)),
    };
  } finally {
    await pack.stop();
  }
}

/** The system counts processor time in steps of 10 ms. */
const passes = 5;

/** One after another, as a round trip each is what the engine waits for. */
async function analyzeAll(pack: RunningPack, requests: readonly PolicyRequest[]): Promise<void> {
  for (const request of requests) await pack.analyze(request);
}

async function spent({ pid }: RunningPack, work: () => Promise<unknown>): Promise<Spent> {
  const started = performance.now();
  const before = cpuOf(pid);
  await work();
  return { wallMs: performance.now() - started, cpuMs: cpuOf(pid) - before };
}

/** Processor time of a process so far, from Linux; `man 5 proc` has the fields, in hundredths of a second. */
function cpuOf(pid: number): number {
  try {
    const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const fields = rest.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Number.NaN;
    throw error;
  }
}

interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

function plannedRequests(): PolicyRequest[] {
  const cli = join(root, "cli/bin.cjs");
  const text = execFileSync(process.execPath, [cli, "plan", "--stack", "prod", "--json"], {
    maxBuffer: 2 ** 28,
    encoding: "utf8",
  });
  const { resources } = JSON.parse(text) as { resources: readonly Planned[] };
  return resources
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ type, name, inputs }) => ({ type, name, props: inputs }));
}

function repeated(requests: readonly PolicyRequest[], size: number): StackResource[] {
  return Array.from({ length: size }, (_, index) => {
    const { type, props } = requests[index % requests.length] ?? { type: "", props: {} };
    return { type, name: `resource-${index}`, props };
  });
}

/** A copy of the pack that can only run from its sources. */
function sourcesOnly(folder: string): string {
  cpSync(join(root, "policy"), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules") && !path.endsWith("dist"),
  });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as object;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, main: "index.ts" }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function emptyPack(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "version": "1.0.0", "main": "index.js" }');
  writeFileSync(
    join(folder, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", { policies: [
  { name: "nothing", description: "Nothing.", validateResource: () => {} },
  { name: "nothing-of-a-stack", description: "Nothing.", validateStack: () => {} },
] });
`,
  );
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}
