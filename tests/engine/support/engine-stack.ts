import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import type { JsonObject } from "../../../plan/json-value";
import type { Cloud } from "../aws/cloud";
import type { Faults } from "../aws/faults";
import { Store } from "../provider/store";
import { engineEnvironment, packConfigOf } from "./environment";
import { type EventLog, readEventLog } from "./event-log";
import { linkProgram, ownProgram } from "./program-folder";
import { recoverAsTold } from "./recover-as-told";
import type { Finished } from "./run-bounded";
import { runAlone, runWithPlugins } from "./run-cli";
import { secretsKeeper, secretsProvider } from "./secrets-keeper";
import { changeSettings, type StackSettings, takeSettings, writeFiles } from "./stack-settings";
import { type PendingOperation, readPending, readState, type StackResource } from "./state";

/** Far above what a run takes on a busy machine with two cores. */
const runTimeoutMs = 240_000;

export interface Run extends Finished, EventLog {}

export interface RunOptions {
  /** Arguments for the CLI beside the usual ones. */
  readonly args?: readonly string[];
  /** With the pack, configured as the command line does it. @default false */
  readonly pack?: boolean;
  /** As Pulumi loads a program by itself: ts-node, types checked. @default false */
  readonly typeCheck?: boolean;
}

/**
 * One stack on the real engine: a folder with the program, a state backend and a simulated account, all in a folder of its own. It
 * proves what the engine does with the program; it does not prove what AWS does.
 */
export class EngineStack {
  private runs = 0;
  private borrowsPlugins = false;

  private constructor(
    private readonly cli: string,
    private readonly keeper: NodeJS.ProcessEnv,
    private readonly root: string,
    readonly project: string,
    readonly stack: string,
  ) {}

  /** The project itself, with `Pulumi.<stack>.yaml` as committed or as `change` leaves its settings. */
  static async ofProject(
    cli: string,
    stack: string,
    change: (settings: StackSettings) => void = () => {},
  ): Promise<EngineStack> {
    return EngineStack.make(cli, "sagemaker-ops", stack, (folder) => {
      linkProgram(folder);
      const file = `Pulumi.${stack}.yaml`;
      cpSync(join(projectRoot, file), join(folder, file));
      changeSettings(join(folder, file), "sagemaker-ops", change);
    });
  }

  /**
   * Another program: a folder of the clone, or files by their names.
   *
   * @param beside a stack whose backend and account it shares, and with which it is removed.
   */
  static async ofProgram(
    cli: string,
    project: string,
    stack: string,
    files: string | Readonly<Record<string, string>>,
    beside?: EngineStack,
  ): Promise<EngineStack> {
    return EngineStack.make(
      cli,
      project,
      stack,
      (folder) => {
        if (typeof files === "string") cpSync(join(projectRoot, files), folder, { recursive: true });
        else writeFiles(folder, files);
      },
      beside,
    );
  }

  private static async make(
    cli: string,
    project: string,
    stack: string,
    fill: (folder: string) => void,
    beside?: EngineStack,
  ): Promise<EngineStack> {
    const root = beside?.root ?? mkdtempSync(join(tmpdir(), "engine-"));
    const folder = join(root, project);
    for (const name of [project, "backend", "home", "aws"]) mkdirSync(join(root, name), { recursive: true });
    // The CLI logs all that it does into a folder of this name, encrypted and compressed, where it can make one: a fifth of a run's work.
    writeFileSync(join(root, "home/logs"), "");
    fill(folder);
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    const made = new EngineStack(cli, await secretsKeeper(), root, project, stack);
    const { status, stderr } = await made.pulumi([
      "stack",
      "init",
      stack,
      "--secrets-provider",
      secretsProvider,
    ]);
    if (status !== 0) throw new Error(`The stack ${stack} could not be made: ${stderr}`);
    return made;
  }

  /** A stack of its own in the same state, account included: what one of them does, the other does not see. */
  fork(): EngineStack {
    const root = mkdtempSync(join(tmpdir(), "engine-"));
    cpSync(this.root, root, { recursive: true, verbatimSymlinks: true });
    return new EngineStack(this.cli, this.keeper, root, this.project, this.stack);
  }

  /** Another stack that lies in the same folder, as after a fork of both. */
  sibling({ project, stack }: EngineStack): EngineStack {
    return new EngineStack(this.cli, this.keeper, this.root, project, stack);
  }

  /**
   * Has provider, language host and program in processes that run already, with other stacks' runs before it: a run then takes a
   * third of the time. Without, each run is of processes of its own, as for people.
   */
  keepPlugins(keep = true): void {
    this.borrowsPlugins = keep;
  }

  get keepsPlugins(): boolean {
    return this.borrowsPlugins;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  up(options: RunOptions = {}): Promise<Run> {
    return this.run("up", options, ["--yes", "--skip-preview"]);
  }

  preview(options: RunOptions = {}): Promise<Run> {
    return this.run("preview", options, []);
  }

  refresh(options: RunOptions = {}): Promise<Run> {
    return this.run("refresh", options, ["--yes", "--skip-preview"]);
  }

  destroy(options: RunOptions = {}): Promise<Run> {
    // With its preview: without one the engine deletes until it meets what is protected.
    return this.run("destroy", options, ["--yes"]);
  }

  /** Changes the stack's file, under the project's namespace. */
  configure(change: (settings: StackSettings) => void): void {
    changeSettings(this.path(`Pulumi.${this.stack}.yaml`), this.project, change);
  }

  /** Puts the settings back as committed, and changes those. */
  restore(change: (settings: StackSettings) => void): void {
    const file = `Pulumi.${this.stack}.yaml`;
    takeSettings(join(projectRoot, file), this.path(file));
    this.configure(change);
  }

  /** Changes one file of the program's copy; what is replaced must be there. */
  edit(name: string, replaced: string, by: string): void {
    ownProgram(this.path("."));
    const text = readFileSync(this.path(name), "utf8");
    if (!text.includes(replaced)) throw new Error(`${name} does not contain ${replaced}`);
    writeFileSync(this.path(name), text.replace(replaced, by));
  }

  /** Copies more folders of the clone, where it has them. */
  copy(...folders: readonly string[]): void {
    ownProgram(this.path("."));
    for (const name of folders) {
      const from = join(projectRoot, name);
      if (existsSync(from)) cpSync(from, this.path(name), { recursive: true });
    }
  }

  /** Puts files into the program's folder. */
  write(files: Readonly<Record<string, string>>): void {
    ownProgram(this.path("."));
    writeFiles(join(this.root, this.project), files);
  }

  /** Path of a file of the copied program. */
  path(name: string): string {
    return join(this.root, this.project, name);
  }

  account(): Cloud {
    return this.store.read();
  }

  /** Changes the account behind the engine's back. */
  changeAccount(change: (cloud: Cloud) => void): void {
    this.store.change(change);
  }

  setFaults(faults: Faults): void {
    this.store.setFaults(faults);
  }

  /** Does what `sagemaker-ops recover` does, and looks up in the account what that asks for. */
  recover(): Promise<void> {
    return recoverAsTold(this);
  }

  /** Resources of the state, as the engine wrote them; an empty state has none. */
  state(): StackResource[] {
    return readState(this.stateFile);
  }

  /** What the engine had begun when it was killed. */
  pending(): PendingOperation[] {
    return readPending(this.stateFile);
  }

  /** Where the engine's file backend keeps the state. */
  get stateFile(): string {
    return join(this.root, "backend/.pulumi/stacks", this.project, `${this.stack}.json`);
  }

  /** Outputs of the stack. */
  outputs(): JsonObject {
    return this.state().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  }

  /** Runs the CLI with any arguments. */
  async pulumi(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    timeoutMs = runTimeoutMs,
  ): Promise<Finished> {
    const run = this.borrowsPlugins && env.ENGINE_TYPE_CHECK !== "true" ? runWithPlugins : runAlone;
    const bounds = {
      cwd: join(this.root, this.project),
      env: { ...this.environment(), ...env },
      timeoutMs,
    };
    return run(this.cli, args, join(this.root, "aws"), bounds);
  }

  private async run(
    operation: "up" | "preview" | "refresh" | "destroy",
    { args = [], pack = false, typeCheck = false }: RunOptions,
    usual: readonly string[],
  ): Promise<Run> {
    this.runs += 1;
    const log = join(this.root, `events-${this.runs}.json`);
    rmSync(log, { force: true });
    const finished = await this.pulumi(
      [
        ...[operation, "--stack", this.stack, "--non-interactive", "--event-log", log],
        ...usual,
        ...(pack ? this.packArguments() : []),
        ...args,
      ],
      { ENGINE_TYPE_CHECK: String(typeCheck) },
    );
    return { ...finished, ...readEventLog(log, operation) };
  }

  private packArguments(): string[] {
    const file = join(this.root, "policy-config.json");
    writeFileSync(file, packConfigOf(join(this.root, this.project), this.stack));
    return ["--policy-pack", this.path("policy"), "--policy-pack-config", file];
  }

  /** Also for commands that start the CLI themselves. */
  environment(): NodeJS.ProcessEnv {
    return { ...engineEnvironment(this.cli, this.root), ...this.keeper };
  }

  /** A file of the stack's own folder, beside the program. */
  beside(name: string): string {
    return join(this.root, name);
  }

  private get store(): Store {
    return new Store(join(this.root, "aws"));
  }
}
