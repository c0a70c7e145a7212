import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terminalLayout } from "../../plan/report/layout";
import { CommandError, exitStatus } from "../core/exit-status";
import { imageSize } from "../core/local/commands";
import { freePort, type PipelineResult, runPipeline } from "../core/local/pipeline";
import { isConvincing, localJson, localText } from "../core/local/report";
import { pythonWith, trainingPackages } from "../core/python/environment";
import { readDataSet } from "./data-check";
import { type DataProcess, wholeNumber } from "./data-options";
import { writeSample } from "./data-sample";

export interface LocalOptions {
  readonly classes: string;
  readonly images: string;
  readonly port: string;
  readonly keep?: boolean;
  readonly json?: boolean;
}

/** Statuses that a shell gives a process that a signal has ended. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const steps = 6;

/** Runs the whole way on this computer; returns the exit status. */
export async function local(options: LocalOptions, own: DataProcess = process): Promise<number> {
  const { stdout, stderr, env } = own;
  const classes = wholeNumber("--classes", options.classes, 2, 100);
  const perClass = wholeNumber("--images", options.images, 10, 10_000);
  const port = wholeNumber("--port", options.port, 0, 65_535);
  const layout = terminalLayout(env, stderr);
  const stopping = new AbortController();
  const listeners = Object.entries(signals).map(([name, status]) => {
    const listener = () => {
      if (stopping.signal.aborted) return;
      stderr.write(`\nStopping what was started (${name}).\n`);
      stopping.abort(new CommandError("Stopped.", status));
    };
    process.on(name, listener);
    return { name, listener };
  });
  let root: string | undefined;
  try {
    // Known now, and not after minutes of training.
    if (port !== 0) await freePort(port);
    const python = await pythonWith(trainingPackages, {
      env,
      tell: (line) => stderr.write(`${line}\n`),
      signal: stopping.signal,
    });
    root = mkdtempSync(join(tmpdir(), "sagemaker-ops-local-"));
    let step = 0;
    const result: PipelineResult = await runPipeline({
      python,
      root,
      env,
      port,
      signal: stopping.signal,
      makeData: async (folder) => {
        await writeSample(folder, { classes, perClass, size: imageSize, seed: 1 }, stderr);
        const { manifest, problems } = await readDataSet(folder, stderr);
        if (manifest === undefined) throw new CommandError(problems.join("\n"), exitStatus.violation);
        return manifest.digest;
      },
      onStep: (title) => {
        step += 1;
        stderr.write(`${layout.paint.bold(`[${step}/${steps}]`)} ${title}\n`);
      },
      tell: (line) => stderr.write(`${layout.paint.dim(`      ${line}`)}\n`),
    });
    const kept = options.keep === true ? root : undefined;
    stdout.write(
      options.json === true
        ? localJson(result, kept)
        : `\n${localText(result, kept, terminalLayout(env, stdout))}`,
    );
    return isConvincing(result) ? exitStatus.ok : exitStatus.violation;
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener);
    if (root !== undefined && options.keep !== true) rmSync(root, { recursive: true, force: true });
    else if (root !== undefined && stopping.signal.aborted) stderr.write(`Kept in ${root}\n`);
  }
}
