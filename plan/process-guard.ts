import { sep } from "node:path";
import { ProgramError } from "./errors";

/**
 * Makes one body at a time the owner of what a process has only once: working directory, module cache, handlers of
 * unhandled errors, `process.exit`, standard output. Bodies queue up in the order they were asked for.
 */
let queue: Promise<unknown> = Promise.resolve();

export function exclusively<T>(body: () => Promise<T>): Promise<T> {
  const turn = queue.then(body);
  queue = turn.then(
    () => undefined,
    () => undefined,
  );
  return turn;
}

export interface GuardedRun {
  /** What escaped the program's own promises, in order. */
  readonly escaped: unknown[];
}

/**
 * Runs foreign code so that it can neither end this process nor write into its standard output.
 *
 * Errors that no promise handles are collected, as the engine's language host does, instead of crashing; what the code
 * prints goes to standard error, since a plan's standard output belongs to the plan.
 */
export async function guarded<T>(directory: string, body: (run: GuardedRun) => Promise<T>): Promise<T> {
  const escaped: unknown[] = [];
  const collect = (thrown: unknown): void => {
    escaped.push(thrown);
  };
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const previous = events.map((event) => process.listeners(event as "uncaughtException"));
  const workingDirectory = process.cwd();
  const exit = process.exit;
  const write = process.stdout.write;
  for (const event of events) {
    process.removeAllListeners(event);
    process.on(event as "uncaughtException", collect);
  }
  process.exit = ((code?: number | string | null) => {
    throw new ProgramError(
      `The code called process.exit(${code ?? ""}), which ends a deployment half-way. Throw an error instead.`,
    );
  }) as typeof process.exit;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  try {
    process.chdir(directory);
    return await body({ escaped });
  } finally {
    process.chdir(workingDirectory);
    process.stdout.write = write;
    process.exit = exit;
    events.forEach((event, index) => {
      process.removeListener(event, collect);
      for (const listener of previous[index] ?? []) process.on(event as "uncaughtException", listener);
    });
  }
}

/**
 * Evaluates a CommonJS entry anew: forgets, after the body, every module of `directory` that it loaded, except those
 * of packages, which are expensive and hold no state of a program.
 */
export async function withFreshModules<T>(
  directory: string,
  entry: string,
  body: () => Promise<T>,
): Promise<T> {
  delete require.cache[entry];
  const before = new Set(Object.keys(require.cache));
  try {
    return await body();
  } finally {
    for (const path of Object.keys(require.cache)) {
      if (!before.has(path) && path.startsWith(directory + sep) && !path.includes("/node_modules/")) {
        delete require.cache[path];
      }
    }
  }
}
