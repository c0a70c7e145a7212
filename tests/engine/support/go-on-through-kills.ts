import type { Crash } from "../aws/faults";
import { withoutFiles } from "../provider/resources";
import type { EngineStack, Run } from "./engine-stack";
import { failuresOf } from "./operations";

export interface Kill {
  /** The call that was killed, as `operation type`. */
  readonly call: string;
  /** What the account had after the recovery and the state did not know. */
  readonly orphans: readonly string[];
}

export interface Journey {
  readonly kills: readonly Kill[];
  /** The run that nothing stopped any more. */
  readonly last: Run;
}

/** So that the calls come one after another, and the engine writes no other step's state at the moment of a kill. */
export const oneByOne = { args: ["--parallel", "1"] };

/**
 * Brings a deployment to its end although its engine is killed at its calls: each run recovers and goes on where the one before was
 * killed.
 *
 * @param when `after`: between a call and its record in the state. `before`: after a call and its record, as the next one starts.
 * @param every 1 is at each call, 2 at every other.
 */
export async function goOnThroughKills(
  stack: EngineStack,
  operation: () => Promise<Run>,
  when: Crash["when"],
  every = 1,
): Promise<Journey> {
  const kills: Kill[] = [];
  // A run that is killed before a call makes the one before it, but for the first.
  let next = 1;
  for (;;) {
    stack.setFaults({
      crash: { at: stack.account().journal.length + next, when, stateFile: stack.stateFile },
    });
    const run = await operation();
    stack.setFaults({});
    if (run.status === 0) return { kills, last: run };
    if (run.signal !== "SIGKILL")
      throw new Error(`A run failed after ${kills.length} kills: ${failuresOf(run).join("; ")}`);
    const call = pendingCall(stack);
    await stack.recover();
    // What is made again by the next run would be killed for ever.
    const repeated = kills.at(-1)?.call === call;
    next = every + (when === "before" || repeated ? 1 : 0);
    if (!repeated) kills.push({ call, orphans: withoutState(stack) });
  }
}

function pendingCall(stack: EngineStack): string {
  const [pending] = stack.pending();
  if (pending === undefined) throw new Error("The engine was killed with nothing pending.");
  return `${pending.type} ${pending.resource.urn.split("::").slice(2).join("::")}`;
}

/** What the account has and the state does not know. */
export function withoutState(stack: EngineStack): string[] {
  const known = new Set(stack.state().map(({ type, id }) => `${type} ${id}`));
  return Object.keys(stack.account().objects).filter((key) => !known.has(key));
}

/** What the account has, without the times at which it was made. */
export function finalAccount(stack: EngineStack): unknown[] {
  return Object.values(stack.account().objects)
    .map(({ live, ...object }) => ({
      ...object,
      live: Object.fromEntries(Object.entries(live).filter(([key]) => !key.endsWith("AtSeconds"))),
    }))
    .sort(byUrnAndId);
}

/**
 * What the state says about each resource, without times, places in the source and the provider's own random id. A file is its content:
 * each program's process puts the function's code into a folder of its own.
 */
export function finalState(stack: EngineStack): unknown[] {
  return stack
    .state()
    .map(({ urn, type, id = "", inputs, outputs, retainOnDelete, protect, delete: old }) => ({
      ...{ urn, type, retainOnDelete, protect, delete: old },
      inputs: withoutFiles(inputs ?? {}),
      outputs: withoutFiles(outputs ?? {}),
      id: type.startsWith("pulumi:providers:") ? "" : id,
    }))
    .sort(byUrnAndId);
}

interface Named {
  readonly urn: string;
  readonly id: string;
}

function byUrnAndId(a: Named, b: Named): number {
  return `${a.urn} ${a.id}` < `${b.urn} ${b.id}` ? -1 : 1;
}
