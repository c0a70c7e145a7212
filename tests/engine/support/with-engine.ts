import { pulumiCli } from "../cli/pulumi-cli";
import type { EngineStack } from "./engine-stack";

/** What a scenario is given. */
export interface Engine {
  /** Path of the CLI. */
  readonly cli: string;
  /** Lets the stack's runs share plugins, and removes it after the last test of the scenario. */
  keep(stack: EngineStack): EngineStack;
}

/** A build of the CLI takes minutes; so do a scenario's runs where the machine is busy. */
const setUpTimeoutMs = 30 * 60_000;
const testTimeoutMs = 10 * 60_000;

/**
 * A suite that needs the real engine. Where no CLI can be had its tests are skipped, with one line that says why; with `CI=true`
 * they fail instead.
 */
export function describeWithEngine(title: string, body: (engine: () => Engine) => void): void {
  describe(title, function () {
    this.timeout(testTimeoutMs);
    const stacks: EngineStack[] = [];
    let engine: Engine | undefined;

    before(async function () {
      this.timeout(setUpTimeoutMs);
      const cli = await pulumiCli();
      if (cli.kind === "none") {
        if (process.env.CI === "true") throw new Error(`The engine is not tested: ${cli.reason}.`);
        process.stderr.write(`skipped, the engine is not tested: ${cli.reason}\n`);
        this.skip();
      }
      engine = {
        cli: cli.path,
        keep: (stack) => {
          stack.keepPlugins();
          stacks.push(stack);
          return stack;
        },
      };
    });

    after(() => {
      for (const stack of stacks) stack.remove();
    });

    body(() => {
      if (engine === undefined) throw new Error("The engine is there only while a test or a hook runs.");
      return engine;
    });
  });
}
