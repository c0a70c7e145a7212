import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { withEndpoints } from "./endpoints-config";
import { engineBench } from "./engine";
import { lambdaBench } from "./lambda";
import { interleave, median, type Run } from "./measure";
import { packBench } from "./pack";

const root = resolve(__dirname, "..");
const cli = join(root, "cli/bin.cjs");
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);

/** `npm run bench` measures all, `npm run bench -- plan`, `-- lambda`, `-- pack` and `-- engine` a part. */
async function main(part = "all"): Promise<void> {
  if (part === "all" || part === "plan") await planBench();
  if (part === "all" || part === "lambda") await lambdaBench();
  if (part === "all" || part === "pack") await packBench(rounds);
  if (part === "all" || part === "engine")
    await engineBench(process.env.BENCH_ROUNDS === undefined ? undefined : rounds);
}

async function planBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-bench-"));
  try {
    const planFile = join(folder, "plan.json");
    writeFileSync(
      planFile,
      execFileSync(process.execPath, [cli, "plan", "--stack", "dev", "--json"], { maxBuffer: 2 ** 28 }),
    );
    const files = [2, 100].map((count) => {
      const file = join(folder, `Pulumi.${count}.yaml`);
      writeFileSync(file, withEndpoints(join(root, "Pulumi.dev.yaml"), count));
      return {
        name: `plan of ${count} endpoints`,
        args: [cli, "plan", "--stack", "dev", "--config-file", file, "--json"],
      };
    });

    const subjects = [
      { name: "plan of dev", args: [cli, "plan", "--stack", "dev"] },
      { name: "bare program", args: ["--require", "tsx/cjs", join(root, "bench/bare-program.ts"), planFile] },
      { name: "bare program, our loader", args: [join(root, "bench/bare.cjs"), planFile] },
      ...files,
    ];
    report(
      subjects.map(({ name }) => name),
      await interleave(subjects, rounds),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(names: readonly string[], runs: ReadonlyMap<string, readonly Run[]>): void {
  const of = (name: string, key: keyof Run) => median((runs.get(name) ?? []).map((run) => run[key]));
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB; medians of ${rounds} interleaved runs`,
  );
  console.log("| run | wall ms | CPU ms | peak MiB |\n|---|---|---|---|");
  for (const name of names) {
    console.log(
      `| ${name} | ${of(name, "wallMs").toFixed(0)} | ${of(name, "cpuMs").toFixed(0)} | ${of(name, "peakMiB").toFixed(0)} |`,
    );
  }
  const ratio = (a: string, b: string) => (of(a, "wallMs") / of(b, "wallMs")).toFixed(2);
  console.log(
    [
      "",
      `plan of dev / bare program of the same resources, run with tsx: ${ratio("plan of dev", "bare program")} (limit 1.3)`,
      `plan of dev / bare program with the plan's own faster loader: ${ratio("plan of dev", "bare program, our loader")}`,
      `plan of 100 endpoints / of 2 endpoints: ${ratio("plan of 100 endpoints", "plan of 2 endpoints")} (limit 4)`,
    ].join("\n"),
  );
}

void main(process.argv[2]);
