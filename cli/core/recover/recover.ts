import { CommandError, exitStatus } from "../exit-status";
import { type ExportedState, nameOf, readExportedState } from "./exported-state";
import type { Place } from "./import-id";
import { type Answers, type Decision, decide, foreignIn, settled, withoutForeign } from "./settle";
import { asked, foreignText, listed } from "./show-recovery";

export interface PulumiResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the work needs of the world. */
export interface RecoverTools {
  /** Runs the Pulumi CLI in the project's folder. */
  readonly pulumi: (args: readonly string[]) => Promise<PulumiResult>;
  /** Account of the credentials in use: some ids have it in them. */
  readonly place: (region: string) => Promise<Place>;
  /** Keeps the state as it was found. @returns where, for people */
  readonly backUp: (state: string) => string;
  /** Puts a state into a file that Pulumi can read. @returns its path */
  readonly stage: (state: string) => string;
  /** Shows a line to the person. */
  readonly tell: (line: string) => void;
}

export interface RecoverRequest {
  readonly stack: string;
  readonly answers: Answers;
  /** False: only tells what it would do. */
  readonly yes: boolean;
}

/**
 * Frees a stack whose deployment was killed, and finds out about every operation that Pulumi had begun whether AWS has done it.
 * Nothing in AWS is changed. The state as it was found is kept first.
 *
 * `pulumi refresh --import-pending-creates` would be the short way; CLI 3.259 forgets such a resource
 * (https://github.com/pulumi/pulumi/issues/4265 is about the operations as such).
 *
 * @returns exit status: 0 recovered, or nothing to do; 1 something is not this stack's, or Pulumi failed; 2 a person has to answer.
 */
export async function recover({ stack, answers, yes }: RecoverRequest, tools: RecoverTools): Promise<number> {
  const { tell } = tools;
  if (yes) await cancel(stack, tools);
  const text = await succeed(tools, ["stack", "export", "--stack", stack]);
  const state = readExportedState(text);
  const { pending_operations: pending = [] } = state.deployment;
  if (pending.length === 0) {
    tell(yes ? "No operation is pending; the stack is free." : "No operation is pending.");
    return exitStatus.ok;
  }

  const place = await tools.place(regionOf(state));
  const decisions = pending.map((operation) => decide(operation, answers, place));
  tell(listed(decisions));
  if (decisions.some(({ kind }) => kind === "ask")) {
    tell(asked(decisions, stack));
    return exitStatus.invalid;
  }
  if (!yes) {
    tell(
      "Nothing was changed. Run it again with --yes once you know that no deployment of this stack is running.",
    );
    return exitStatus.ok;
  }

  tell(`The state as it was is kept in ${tools.backUp(text)}.`);
  await importState(stack, settled(state, decisions), tools);
  const targets = decisions.filter(({ kind, ...one }) => kind === "read" || ("id" in one && one.id !== ""));
  if (targets.length > 0) await refresh(stack, targets, tools);
  const after = readExportedState(await succeed(tools, ["stack", "export", "--stack", stack]));
  return judge(stack, decisions, after, tools);
}

async function judge(
  stack: string,
  decisions: readonly Decision[],
  state: ExportedState,
  tools: RecoverTools,
): Promise<number> {
  const { tell } = tools;
  const foreign = foreignIn(state, decisions);
  if (foreign.length > 0) {
    await importState(stack, withoutForeign(state, foreign), tools);
    tell(foreignText(foreign));
    return exitStatus.violation;
  }
  const live = new Set(
    (state.deployment.resources ?? []).filter((one) => one.delete !== true).map(({ urn }) => urn),
  );
  for (const { urn, kind } of decisions) {
    if (kind === "look") tell(`${nameOf(urn)}: ${live.has(urn) ? "made, and in the state now" : "not made"}`);
  }
  tell(
    `The state is whole. Go on with \`npx sagemaker-ops up --stack ${stack}\`, or with \`pulumi destroy\`.`,
  );
  return exitStatus.ok;
}

/** Told and not thrown: a stack that is not locked needs none, and one that still is refuses the import. */
async function cancel(stack: string, { pulumi, tell }: RecoverTools): Promise<void> {
  const { status, stdout, stderr } = await pulumi(["cancel", "--stack", stack, "--yes"]);
  if (status !== 0) tell(`pulumi cancel: ${(stderr + stdout).trim()}`);
}

async function importState(stack: string, state: ExportedState, tools: RecoverTools): Promise<void> {
  const file = tools.stage(JSON.stringify(state));
  await succeed(tools, ["stack", "import", "--stack", stack, "--file", file]);
}

async function refresh(stack: string, targets: readonly Decision[], tools: RecoverTools): Promise<void> {
  const urns = [...new Set(targets.map(({ urn }) => urn))];
  await succeed(tools, [
    ...["refresh", "--stack", stack, "--yes", "--skip-preview", "--non-interactive"],
    ...urns.flatMap((urn) => ["--target", urn]),
  ]);
}

async function succeed({ pulumi }: RecoverTools, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await pulumi(args);
  if (status === 0) return stdout;
  throw new CommandError(
    `pulumi ${args.slice(0, 2).join(" ")} failed: ${(stderr + stdout).trim()}`,
    exitStatus.violation,
  );
}

/** Region of the stack's provider. */
function regionOf({ deployment }: ExportedState): string {
  const providers = (deployment.resources ?? []).filter(({ type }) => type === "pulumi:providers:aws");
  const region = providers.map(({ inputs }) => inputs?.region).find((value) => typeof value === "string");
  return typeof region === "string" ? region : "";
}
