import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { build } from "esbuild";
import { bundle } from "../infra/lambda-code";
import { median } from "./measure";
import { type NodeBinary, nodeBinaries } from "./node-binaries";

const root = join(__dirname, "..");
const rounds = Number(process.env.BENCH_COLD_ROUNDS ?? 12);
const memoryRequests = Number(process.env.BENCH_MEMORY_REQUESTS ?? 100_000);
const warmRounds = 20;
const warmRequests = 100;
/** Of the published way and of the handler, one after the other. */
const publishedBlocks = 5;

interface Phase {
  readonly ms: number;
  readonly cpuMs: number;
}

type Warm = Record<string, { p50: number; p99: number; cpuMs: number }>;

/** Measures the invoke function against a local stub, and prints tables and the ratios that matter. */
export async function lambdaBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-lambda-bench-"));
  const stub = await startStub();
  try {
    const nodes = nodeBinaries();
    const names = nodes.map(({ version }) => version).join(" and ");
    console.log(`\nInvoke function on Node ${names}, ${cpus().length} x ${cpus()[0]?.model}\n`);
    const files = await bundles(folder);
    cold(nodes, files, stub.endpoint);
    await warm(nodes, folder, stub.endpoint);
  } finally {
    stub.stop();
    rmSync(folder, { recursive: true });
  }
}

async function bundles(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = {
    "plain bundle of the SDK": await plainBundle(),
    "not primed": await bundle("lambda/invoke/handler.ts"),
    "the function": await bundle("lambda/invoke/index.mts"),
  };
  return new Map(
    Object.entries(texts).map(([name, text], index) => {
      const file = join(folder, `${index}.mjs`);
      writeFileSync(file, text);
      console.log(`${name}: ${(text.length / 1000).toFixed(1)} kB`);
      return [name, file];
    }),
  );
}

/** The same handler, bundled and minified as esbuild does by itself. */
async function plainBundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["lambda/invoke/handler.ts"],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "esm",
    minify: true,
    mainFields: ["module", "main"],
    tsconfigRaw: {},
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return outputFiles[0]?.text ?? "";
}

function cold(nodes: readonly NodeBinary[], files: ReadonlyMap<string, string>, endpoint: string): void {
  const script = join(root, "bench/lambda-cold.mjs");
  const runs = new Map<string, Phase[][]>();
  const keyOf = ({ version }: NodeBinary, name: string) => `${version} | ${name}`;
  const subjects = nodes.flatMap((node) => [...files].map(([name, file]) => ({ node, name, file })));
  for (const { node, name } of subjects) runs.set(keyOf(node, name), []);
  for (let round = -1; round < rounds; round++) {
    // Each goes first as often as the others: what a process leaves in the machine's caches serves the next.
    const first = (round + subjects.length) % subjects.length;
    for (const { node, name, file } of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      const phases = run<Phase[]>(node.path, [script, file], endpoint);
      if (round >= 0) runs.get(keyOf(node, name))?.push(phases);
    }
    process.stderr.write(".");
  }
  process.stderr.write("\n");
  const of = (key: string, phase: number, field: keyof Phase) =>
    median((runs.get(key) ?? []).map((phases) => phases[phase]?.[field] ?? Number.NaN));
  console.log(`\nCold starts, medians of ${rounds} interleaved processes; stub over HTTP on loopback\n`);
  console.log(
    "| Node | bundle | import ms | CPU | first request ms | CPU | second ms |\n|---|---|---|---|---|---|---|",
  );
  for (const key of runs.keys()) {
    const cells = [
      of(key, 0, "ms"),
      of(key, 0, "cpuMs"),
      of(key, 1, "ms"),
      of(key, 1, "cpuMs"),
      of(key, 2, "ms"),
    ];
    console.log(`| ${key} | ${cells.map((cell) => cell.toFixed(1)).join(" | ")} |`);
  }
  console.log("");
  for (const node of nodes) {
    for (const [other, limit] of [
      ["plain bundle of the SDK", " (limits 1.3 and 0.35)"],
      ["not primed", ""],
    ] as const) {
      const [a, b] = [keyOf(node, "the function"), keyOf(node, other)];
      const ratio = (phase: number, field: keyof Phase) =>
        (of(a, phase, field) / of(b, phase, field)).toFixed(2);
      console.log(
        `- ${node.version}, the function / ${other}: import ${ratio(0, "ms")} (CPU ${ratio(0, "cpuMs")}), first request ${ratio(1, "ms")} (CPU ${ratio(1, "cpuMs")})${limit}`,
      );
    }
  }
}

async function warm(nodes: readonly NodeBinary[], folder: string, endpoint: string): Promise<void> {
  const file = join(folder, "warm.mjs");
  writeFileSync(file, await bundle("bench/lambda-warm.ts"));
  console.log(`\nWarm, ${warmRounds} blocks of ${warmRequests} requests each in turns, an image of 50 kB\n`);
  console.log(
    "| Node | concurrency | subject | p50 ms | p99 ms | CPU ms per request |\n|---|---|---|---|---|---|",
  );
  const notes: string[] = [];
  for (const node of nodes) {
    const load = (...args: (string | number)[]) =>
      run<Warm>(node.path, [file, ...args.map(String)], endpoint);
    for (const concurrency of [1, 10]) {
      const { handler, bare, callOnly } = printed(
        node,
        concurrency,
        load("bare", concurrency, warmRounds, warmRequests),
      );
      notes.push(
        `- ${node.version}, handler / bare call at ${concurrency}: p50 ${ratio(handler?.p50, bare?.p50)} (limit 1.1), CPU ${ratio(handler?.cpuMs, bare?.cpuMs)}; handler / SDK call only: p50 ${ratio(handler?.p50, callOnly?.p50)}, CPU ${ratio(handler?.cpuMs, callOnly?.cpuMs)}`,
      );
    }
  }
  notes.push(...(await clientPerCall(nodes, file, folder)));
  const [last] = nodes.slice(-1);
  if (last !== undefined && memoryRequests > 0) notes.push(memory(last, file, endpoint));
  console.log(`\n${notes.join("\n")}`);
}

/** Over TLS, as in AWS: a client per call shakes hands and reads certificates each time, and that is most of what it costs. */
async function clientPerCall(nodes: readonly NodeBinary[], file: string, folder: string): Promise<string[]> {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
  const made = spawnSync("openssl", ["req", "-x509", ...key, ...subject, "-out", "cert.pem"], {
    cwd: folder,
  });
  if (made.status !== 0)
    return ["- A client per call is not measured: there is no openssl to make a certificate."];
  const stub = await startStub(folder);
  try {
    const notes: string[] = [];
    for (const node of nodes) {
      const inTurns = printed(
        node,
        "1, TLS",
        run<Warm>(node.path, [file, "perCall", "1", "5", "50"], stub.endpoint, folder),
      );
      notes.push(
        `- ${node.version} over TLS, CPU of a client per call / handler: ${ratio(inTurns.perCall?.cpuMs, inTurns.handler?.cpuMs)} (in Node)`,
      );
      const beside = publishedBeside(node, file, stub.endpoint, folder);
      if (beside !== undefined)
        notes.push(
          `- CPU over TLS of the published way (boto3 client per event, ${beside.label}) / handler on ${node.version}, ${publishedBlocks} blocks of each in turns: ${beside.published.toFixed(1)} ms / ${beside.handler.toFixed(2)} ms = ${ratio(beside.published, beside.handler)} (limit: at least 25)`,
        );
    }
    return notes;
  } finally {
    stub.stop();
  }
}

function printed(node: NodeBinary, concurrency: number | string, result: Warm): Warm {
  for (const [name, { p50, p99, cpuMs }] of Object.entries(result)) {
    const cells = [node.version, concurrency, name, p50.toFixed(2), p99.toFixed(2), cpuMs.toFixed(2)];
    console.log(`| ${cells.join(" | ")} |`);
  }
  return result;
}

/**
 * With the limits of the heap that Node 24 sets itself where it may use 512 MiB, the function's default: it reads them from the memory
 * cgroup. On a machine with more it lets the young generation grow to 64 MiB, and the resident set with it.
 */
function memory(node: NodeBinary, file: string, endpoint: string): string {
  type Sample = { requests: number; usedMiB: number; rssMiB: number };
  const options = ["--expose-gc", "--max-semi-space-size=1", "--max-old-space-size=256"];
  const samples = run<Sample[]>(node.path, [...options, file, "memory", String(memoryRequests)], endpoint);
  const [first, last] = [samples[0], samples[samples.length - 1]];
  const grown = (of: "usedMiB" | "rssMiB") =>
    `${first?.[of].toFixed(1)} / ${last?.[of].toFixed(1)} MiB = ${ratio(last?.[of], first?.[of])}`;
  return `- ${node.version}, after ${first?.requests} / ${last?.requests} requests: memory in use ${grown("usedMiB")}, resident set ${grown("rssMiB")} (limit 1.05)`;
}

/**
 * CPU milliseconds per request of the hand-made function's way and of the handler, block by block, so that a busy hour of the machine is
 * one for both; medians of the blocks. `undefined` where there is no Python with boto3.
 */
function publishedBeside(
  node: NodeBinary,
  file: string,
  endpoint: string,
  tls: string,
): { readonly published: number; readonly handler: number; readonly label: string } | undefined {
  const published: number[] = [];
  const handler: number[] = [];
  let label = "";
  for (let block = 0; block < publishedBlocks; block++) {
    const ours = () =>
      handler.push(
        run<Warm>(node.path, [file, "handler", "1", "2", "50"], endpoint, tls).handler?.cpuMs ?? Number.NaN,
      );
    if (block % 2 === 0) ours();
    const one = publishedCpu(endpoint, tls);
    if (one === undefined) return undefined;
    published.push(one.cpuMs);
    label = one.label;
    if (block % 2 === 1) ours();
  }
  return { published: median(published), handler: median(handler), label };
}

/** The CPU time of the way that the hand-made function calls; `undefined` where there is no Python with boto3. */
function publishedCpu(
  endpoint: string,
  tls: string,
): { readonly cpuMs: number; readonly label: string } | undefined {
  const python = process.env.BENCH_PYTHON ?? "python3";
  const { stdout } = spawnSync(python, [join(root, "bench/lambda-published.py"), "10", endpoint], {
    encoding: "utf8",
    env: environment(endpoint, tls),
  });
  const line = marked(stdout ?? "");
  if (line === undefined) {
    console.error("No Python with boto3 here: the published way is not measured.");
    return undefined;
  }
  const result = JSON.parse(line) as { cpuMs: number; boto3: string; python: string };
  return { cpuMs: result.cpuMs, label: `Python ${result.python}, boto3 ${result.boto3}` };
}

function ratio(a = Number.NaN, b = Number.NaN): string {
  return (a / b).toFixed(2);
}

function run<T>(command: string, args: readonly string[], endpoint: string, tls?: string): T {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    env: environment(endpoint, tls),
  });
  const line = marked(stdout);
  if (status !== 0 || line === undefined) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return JSON.parse(line) as T;
}

/** The line that a measured process prints for its measurer, among those that it logs. */
function marked(output: string): string | undefined {
  return output
    .split("\n")
    .find((line) => line.startsWith("@@"))
    ?.slice(2);
}

function environment(endpoint: string, tls?: string): Record<string, string> {
  return {
    ...(tls === undefined ? {} : trusted(join(tls, "cert.pem"))),
    PATH: process.env.PATH ?? "",
    HOME: tmpdir(),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpoint,
    ENDPOINT_NAME: "e",
    MODEL_NAME: "breeds",
    CLASS_COUNT: "133",
    MAX_IMAGE_BYTES: "4500000",
  };
}

/** The stub's certificate beside those that Node and Python bring: reading all of them is part of a client's cost. */
function trusted(certificate: string): Record<string, string> {
  const bundle = `${certificate}.bundle`;
  writeFileSync(bundle, [...rootCertificates, readFileSync(certificate, "utf8")].join("\n"));
  return { NODE_EXTRA_CA_CERTS: certificate, AWS_CA_BUNDLE: bundle };
}

async function startStub(tls?: string): Promise<{ readonly endpoint: string; stop(): void }> {
  const child = spawn(process.execPath, [join(root, "bench/lambda-stub.cjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, STUB_TLS: tls ?? "" },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.once("data", (text) => resolve(Number(String(text))));
  });
  return {
    endpoint: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    stop: () => void child.kill(),
  };
}
