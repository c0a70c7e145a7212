import { rmSync } from "node:fs";
import { join } from "node:path";
import { engineFile } from "../provider/store";
import { withPlugins } from "./plugin-pool";
import { type Bounds, type Finished, runBounded } from "./run-bounded";

/** Commands that start the engine; the others load no program. */
const engineCommands = new Set(["up", "preview", "refresh", "destroy"]);

/** Runs the CLI with plugins of its own. */
export function runAlone(
  cli: string,
  args: readonly string[],
  account: string,
  bounds: Bounds,
): Promise<Finished> {
  rmSync(join(account, engineFile), { force: true });
  return runBounded(cli, args, bounds);
}

/**
 * Runs the CLI with plugins that run already, where it takes any.
 *
 * @param account folder of the simulated account.
 */
export function runWithPlugins(
  cli: string,
  args: readonly string[],
  account: string,
  { env, ...bounds }: Bounds,
): Promise<Finished> {
  if (!engineCommands.has(args[0] ?? "")) return runAlone(cli, args, account, { env, ...bounds });
  // The shell's process becomes the engine's, so that its number is there before the engine is.
  const script = 'echo $$ > "$0"; exec "$@"';
  return withPlugins(env, account, (plugins) =>
    runBounded("sh", ["-c", script, join(account, engineFile), cli, ...args], {
      ...bounds,
      // The CLI collects garbage for a quarter of its start, and has little.
      env: { GOGC: "400", ...env, ...plugins },
    }),
  );
}
