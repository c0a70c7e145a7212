import { ProgramError } from "./errors";
import type { PendingRegistration, RunStore } from "./pulumi-sdk";

export interface RunInProgress {
  /** Settles when the stack's outputs are known and every RPC has drained. */
  finished: Promise<unknown>;
  store: RunStore;
  /** True once something failed that ends a real update; waiting on is pointless then. */
  failed(): boolean;
  timeoutSeconds: number;
}

/** Turns of the event loop without any sign of life after which a run counts as over, or as stuck. */
const quietTurns = 5;
const stuckTurns = 50;

/**
 * Waits until a program is over, as a process ends when its event loop is empty.
 *
 * `disconnect()` alone only waits for calls already made: a program that registers resources after reading a file,
 * after a timer, or in an async function that nobody awaits would lose them. So the run is over when the SDK has
 * nothing pending, the program holds no timer, file or socket that was not open before, and nothing new started for
 * some turns. If the outputs are still open then, nothing can ever settle them.
 */
export async function settled(run: RunInProgress): Promise<void> {
  const outcome: { state: "pending" | "done" | "rejected"; error?: unknown } = { state: "pending" };
  run.finished.then(
    () => {
      outcome.state = "done";
    },
    (error: unknown) => {
      outcome.state = "rejected";
      outcome.error = error;
    },
  );
  const openBefore = countByName(process.getActiveResourcesInfo());
  const deadline = Date.now() + run.timeoutSeconds * 1000;
  let lastRpc = run.store.settings.rpcDone;
  let quiet = 0;
  for (;;) {
    await turn();
    const busy = newlyOpen(openBefore);
    const active = busy.length > 0 || lastRpc !== run.store.settings.rpcDone;
    lastRpc = run.store.settings.rpcDone;
    quiet = active ? 0 : quiet + 1;
    if (quiet >= quietTurns) {
      if (outcome.state === "rejected") throw outcome.error;
      if (run.failed()) return;
      if (outcome.state === "done" && (await drained(run.store))) return;
    }
    if (quiet >= stuckTurns) throw new ProgramError(stuckMessage(run.store));
    if (busy.length > 0) {
      if (Date.now() > deadline) throw new ProgramError(busyMessage(run.timeoutSeconds, busy));
      await pause();
    }
  }
}

/** False when a call came in after `disconnect()` had seen the last one. */
async function drained(store: RunStore): Promise<boolean> {
  const last = store.settings.rpcDone;
  const open = Symbol("open");
  const first = await Promise.race([last.then(() => undefined), turn().then(() => open)]);
  return first !== open && last === store.settings.rpcDone;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

function countByName(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Standard streams are opened on first use and stay open as one of these; the turns of this module are immediates. */
const notWork: ReadonlySet<string> = new Set(["PipeWrap", "TTYWrap", "Immediate"]);

function newlyOpen(before: ReadonlyMap<string, number>): string[] {
  return [...countByName(process.getActiveResourcesInfo())]
    .filter(([name, count]) => !notWork.has(name) && count > (before.get(name) ?? 0))
    .map(([name]) => name);
}

function busyMessage(seconds: number, busy: readonly string[]): string {
  return (
    `The program was still busy after ${seconds} seconds (open: ${busy.join(", ")}). ` +
    "It keeps a timer, file or connection open; close it, or the deployment would not end either."
  );
}

function stuckMessage(store: RunStore): string {
  const pending = [...(store.pendingResourceRegistrations?.values() ?? [])].map(pendingDescription);
  const where =
    pending.length === 0 ? "a promise or output that it exports or awaits" : pending.slice(0, 3).join("; ");
  return `The program never finished: nothing will resolve ${where}. Look for a promise that is never resolved or a cycle.`;
}

function pendingDescription(pending: PendingRegistration): string {
  const resource = pending.name === undefined ? pending.label : `"${pending.name}" [${pending.type ?? ""}]`;
  return pending.inputProperty === undefined
    ? `the ${pending.phase} of resource ${resource}`
    : `the input "${pending.inputProperty}" of resource ${resource}`;
}
