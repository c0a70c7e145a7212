import { projectRoot } from "../../../cli/core/project-root";
import { WarmPlugins } from "./warm-plugins";

/** More would wait for each other on two cores, which the files of another worker use too; each costs several seconds to start. */
const most = 2;

/** All of this process, in use or not. */
const started = new Set<WarmPlugins>();
const idle: WarmPlugins[] = [];
const waiting: (() => void)[] = [];

process.once("exit", () => {
  for (const plugins of started) plugins.end();
});

/**
 * Lends a provider and a language host to one run of the CLI. They are kept for the runs of all stacks of this process: what they have
 * loaded and compiled is most of what a deployment costs.
 *
 * @param env for plugins that have to be started.
 * @param account folder of the simulated account that the provider is to work on.
 */
export async function withPlugins<T>(
  env: NodeJS.ProcessEnv,
  account: string,
  run: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const plugins = await taken(env);
  try {
    const result = await run(await plugins.environment(account));
    idle.push(plugins);
    return result;
  } catch (error) {
    // Whatever went wrong, the next run is to have none of it.
    started.delete(plugins);
    plugins.end();
    throw error;
  } finally {
    waiting.shift()?.();
  }
}

async function taken(env: NodeJS.ProcessEnv): Promise<WarmPlugins> {
  for (;;) {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (started.size < most) {
      const plugins = new WarmPlugins(env, projectRoot);
      started.add(plugins);
      return plugins;
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}
