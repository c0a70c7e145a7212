import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { assetDigests } from "./asset-digest";
import { withDeferredModules } from "./deferred-modules";
import { messageOf, PlanError, ProgramError } from "./errors";
import type { InvokeFixtures } from "./fixtures";
import { RecordingMonitor } from "./monitor";
import { exclusively, type GuardedRun, guarded, withFreshModules } from "./process-guard";
import { loadPulumiSdk, type PulumiSdk } from "./pulumi-sdk";
import { settled } from "./quiescence";
import { recordProgram } from "./record-program";
import type { ProgramMessage, RecordedProgram } from "./recorded";

export type { RecordedOptions, RecordedProgram, RecordedResource } from "./recorded";

export interface ProgramRun {
  project: string;
  stack: string;
  /** Absolute; the program's working directory. */
  directory: string;
  /** Absolute path of the entry file. */
  entry: string;
  /** Pulumi config as the engine hands it over: "namespace:key" → text, objects as JSON. */
  config: ReadonlyMap<string, string> | Readonly<Record<string, string>>;
  /** Keys of `config` whose values are secret. @default none */
  secretKeys?: readonly string[];
  /** @default the built-in answers only */
  fixtures?: InvokeFixtures;
  /** True: what a provider computes stays unknown, as in `pulumi preview` of a new stack. @default false */
  preview?: boolean;
  /** @default "organization", as the Pulumi file backend calls it */
  organization?: string;
  /** How long the program may keep timers, files or sockets busy. @default 60 */
  timeoutSeconds?: number;
}

/**
 * Runs a Pulumi Node program in this process under a recording monitor: no CLI, no network, no account.
 *
 * Calls queue up, because a program owns the working directory and the module cache while it runs; each call evaluates
 * the program's own modules anew.
 *
 * @throws ProgramError with the program's own message when it throws, rejects, never finishes, or needs an answer that
 * no fixture declares.
 */
export async function runProgram(run: ProgramRun): Promise<RecordedProgram> {
  if (!existsSync(run.entry)) {
    throw new ProgramError(
      `The program's entry file ${run.entry} does not exist. Check "main" in package.json.`,
    );
  }
  return exclusively(() =>
    withDeferredModules(() => {
      const sdk = loadPulumiSdk(run.directory);
      return guarded(run.directory, (guard) =>
        withFreshModules(run.directory, run.entry, () =>
          withoutTraces(sdk, () => sdk.inLocalStorage(() => record(run, sdk, guard))),
        ),
      );
    }),
  );
}

/**
 * Spares a run the stack traces that the SDK formats for every promise and every resource, a third of the time of a large
 * program: the ones name leaked promises when a process ends, where `settled` names what a program waits for; the
 * others tell an engine the line that made a resource.
 */
async function withoutTraces<T>({ debuggable, Resource }: PulumiSdk, body: () => Promise<T>): Promise<T> {
  const { debuggablePromise } = debuggable;
  const { stackTrace } = Resource;
  debuggable.debuggablePromise = (promise) => promise;
  if (stackTrace !== undefined) Resource.stackTrace = () => [];
  try {
    return await body();
  } finally {
    debuggable.debuggablePromise = debuggablePromise;
    if (stackTrace !== undefined) Resource.stackTrace = stackTrace;
  }
}

async function record(run: ProgramRun, sdk: PulumiSdk, guard: GuardedRun): Promise<RecordedProgram> {
  const preview = run.preview ?? false;
  const config: Record<string, string> =
    run.config instanceof Map
      ? Object.fromEntries(run.config)
      : { ...(run.config as Record<string, string>) };
  const monitor = new RecordingMonitor(sdk, {
    project: run.project,
    stack: run.stack,
    preview,
    region: config["aws:region"],
    fixtures: run.fixtures ?? {},
    secretKeys: run.secretKeys ?? [],
  });
  sdk.setMockOptions(monitor, run.project, run.stack, preview, run.organization ?? "organization");
  sdk.setAllConfig(config, [...(run.secretKeys ?? [])]);
  sdk.store().settings.options.rootDirectory = run.directory;

  const messages: ProgramMessage[] = [];
  const restoreLog = collectLog(sdk, messages);
  try {
    const finished = sdk.runInPulumiStack(() => evaluate(run.entry)).then(() => sdk.disconnect());
    await settled({
      finished,
      store: sdk.store(),
      failed: () => guard.escaped.length > 0 || monitor.problems.length > 0,
      timeoutSeconds: run.timeoutSeconds ?? 60,
    });
    const failure = firstFailure(monitor, guard, messages);
    if (failure !== undefined) throw failure;
  } catch (thrown) {
    throw firstFailure(monitor, guard, messages) ?? programError(thrown);
  } finally {
    restoreLog();
  }
  return recordProgram({
    monitor,
    messages,
    config,
    digest: assetDigests(run.directory),
    settings: { project: run.project, stack: run.stack, preview },
  });
}

/** Loads the entry as Pulumi's own runner does: a module that exports a function is called. */
async function evaluate(entry: string): Promise<unknown> {
  const exported: unknown = createRequire(entry)(entry);
  return typeof exported === "function" ? await exported() : exported;
}

/**
 * The cause of a failed run. A monitor's refusal comes first, because what the program makes of it (a rejected output,
 * an unhandled rejection) says less; then what escaped, then errors the program logged, which fail a real update too.
 */
function firstFailure(
  monitor: RecordingMonitor,
  guard: GuardedRun,
  messages: readonly ProgramMessage[],
): ProgramError | undefined {
  if (monitor.problems[0] !== undefined) return monitor.problems[0];
  if (guard.escaped.length > 0) return programError(guard.escaped[0]);
  const logged = messages.find((message) => message.severity === "error");
  return logged === undefined ? undefined : new ProgramError(logged.message);
}

function programError(thrown: unknown): ProgramError {
  if (thrown instanceof ProgramError) return thrown;
  if (thrown instanceof PlanError) return new ProgramError(thrown.message, { cause: thrown });
  return new ProgramError(messageOf(thrown), { cause: thrown });
}

/** Without an engine the SDK would print log messages to the console; here they become part of the record. */
function collectLog(sdk: PulumiSdk, messages: ProgramMessage[]): () => void {
  const original = { ...sdk.log };
  const levels = { info: "info", warn: "warning", error: "error" } as const;
  for (const level of ["info", "warn", "error"] as const) {
    sdk.log[level] = async (message: string) => {
      if (level === "error") sdk.store().logErrorCount++;
      messages.push({ severity: levels[level], message: String(message) });
    };
  }
  return () => {
    for (const level of ["info", "warn", "error"] as const) sdk.log[level] = original[level];
  };
}
