import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliResult } from "../../support/run-cli";
import { contractOf, stackFile } from "../prune/prune-tools";
import type { CommandRun } from "./run-command";

/** A command in a project and an account of their own, at which any call may be made to fail. */
export interface World {
  /** Folder of the project. */
  readonly folder: string;
  /** Arguments of the command as a person gives them. */
  line(origin: string): readonly string[];
  /** Of the stand-in that answers. */
  readonly target: string;
  /** Variables that the command needs beside those of AWS. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** Stands for another program, which the command starts. @default - it starts none */
  readonly program?: {
    /** What it was asked for since the beginning, or since `killAt`. */
    starts(): readonly string[];
    /** Lets it kill the command as it is started, or when it has done its work. */
    killAt(moment: { readonly number: number; readonly when: "before" | "after" }): void;
  };
  /** Runs the command against an address; again and again, if need be. */
  run(origin: string, more?: Partial<CommandRun>): Promise<CliResult>;
  /** What there is here and in the account, a line for each thing, but for times: to be compared. */
  state(): readonly string[];
  close(): Promise<void>;
}

export interface Scenario {
  readonly title: string;
  /** Whether it leaves anything changed. */
  readonly changes: boolean;
  /** Calls without which the command tells the rest, and says what it could not read. @default - none */
  readonly spares?: RegExp;
  /** Whether it asks the rest too, each for itself, whatever the answers, once AWS knows the caller. @default false */
  readonly asksOn?: boolean;
  /** Whether a wrong clock is what it tells, with status 1. @default false */
  readonly tellsClock?: boolean;
  /** Objects of S3 that every run writes anew, the same each time. @default - none */
  readonly rewrites?: RegExp;
  /** Whether each request is sent once only: what it meets is the command's result. @default false */
  readonly sendsOnce?: boolean;
  /** Whether it asks S3 and nothing else, and follows a bucket into its region. @default false */
  readonly usesBucketOnly?: boolean;
  begin(): Promise<World>;
}

/** A folder with a project; what is in it goes with it. */
export interface Project {
  readonly folder: string;
  file(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function project(): Project {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-faults-"));
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  file("Pulumi.yaml", "name: sagemaker-ops\nruntime: nodejs\n");
  file("index.js", "");
  return { folder, file, remove: () => rmSync(folder, { recursive: true }) };
}

/** Outputs of the stack in the project, and the arguments that name them. */
export function stackArguments(
  { file }: Project,
  outputs: object = {},
  digest?: string,
  more: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  file("Pulumi.dev.yaml", stackFile("dev", digest, more));
  const path = file("outputs.json", JSON.stringify({ ...contractOf({}), ...outputs }));
  return ["--stack", "dev", "--outputs", path];
}

/** Files of the project with their contents, without times: a promotion's own is in the stack's file. */
export function filesOf({ folder }: Project): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:gz|json)$/.test(entry.name))
    .map(({ name }) => `file ${name}: ${timeless(readFileSync(join(folder, name), "utf8"))}`)
    .sort();
}

export function timeless(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
}
