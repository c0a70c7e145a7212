import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import type { Cloud } from "../../engine/aws/cloud";
import type { Faults } from "../../engine/aws/faults";
import { Store } from "../../engine/provider/store";
import { engineEnvironment } from "../../engine/support/environment";
import { type Finished, runBounded } from "../../engine/support/run-bounded";
import { WarmPlugins } from "../../engine/support/warm-plugins";
import { emulatedCredentials } from "./moto";

/** What a person's clone has and the commands need; packages are linked. */
const cloned = [
  ...["infra", "policy", "lambda", "training", "plan", "cli"],
  ...["package.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml"],
];

/** Far above what a line takes on a busy machine with two cores. */
const lineTimeoutMs = 300_000;

/** What a line of the chapter says in the documentation, and what takes its place here. */
export interface Substitution {
  readonly documented: string;
  readonly here: string;
}

export interface Ran extends Finished {
  /** The line as it was run, and all that it said: for the message of an assertion. */
  readonly told: string;
  /** The same on one line, as tables break lines where they have no more room. */
  readonly said: string;
}

/** Somebody who has a fresh clone, the Pulumi CLI on PATH, an empty account, and types what the README says. */
export class Newcomer {
  private readonly root = mkdtempSync(join(tmpdir(), "sagemaker-ops-e2e-"));
  readonly folder = join(this.root, "sagemaker-ops");
  private readonly environment: NodeJS.ProcessEnv;
  private readonly plugins: WarmPlugins;
  /** What of the documentation was replaced at least once. */
  readonly replaced = new Set<string>();

  /**
   * @param cli path of the Pulumi CLI.
   * @param aws address that stands for every service of AWS.
   */
  constructor(
    cli: string,
    aws: string,
    private readonly substitutions: readonly Substitution[],
  ) {
    for (const name of ["sagemaker-ops", "backend", "home", "aws"]) mkdirSync(join(this.root, name));
    for (const name of cloned)
      cpSync(join(projectRoot, name), join(this.folder, name), {
        recursive: true,
        filter: (path) => !/\/(?:__pycache__|\.\w+_cache)$/.test(path),
      });
    symlinkSync(join(projectRoot, "node_modules"), join(this.folder, "node_modules"));
    this.environment = {
      ...engineEnvironment(cli, this.root),
      ...emulatedCredentials,
      AWS_ENDPOINT_URL: aws,
      // Nobody is there to type "yes": https://www.pulumi.com/docs/iac/cli/environment-variables/
      PULUMI_SKIP_CONFIRMATIONS: "true",
      // Everything is installed: a command that is not found must not be looked for in a registry.
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
      TMPDIR: this.root,
    };
    this.plugins = new WarmPlugins(this.environment, this.folder);
  }

  /** Runs a line as bash does. */
  async run(line: string): Promise<Ran> {
    let command = line;
    for (const { documented, here } of this.substitutions) {
      if (!command.includes(documented)) continue;
      this.replaced.add(documented);
      command = command.replaceAll(documented, here);
    }
    const finished = await runBounded("bash", ["-c", command], await this.bounds());
    const { status, signal, stdout, stderr } = finished;
    const told = `$ ${command}\n${stdout}\n${stderr}\nstatus ${status ?? signal}`;
    return { ...finished, told, said: told.replaceAll(/\s+/g, " ") };
  }

  /** How a process of theirs is started. */
  async bounds() {
    const env = { ...this.environment, ...(await this.plugins.environment()) };
    return { cwd: this.folder, env, timeoutMs: lineTimeoutMs };
  }

  /** What the engine has made. */
  account(): Cloud {
    return this.store.read();
  }

  changeAccount(change: (cloud: Cloud) => void): void {
    this.store.change(change);
  }

  setFaults(faults: Faults): void {
    this.store.setFaults(faults);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async leave(): Promise<void> {
    await this.plugins.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  private get store(): Store {
    return new Store(join(this.root, "aws"));
  }
}
