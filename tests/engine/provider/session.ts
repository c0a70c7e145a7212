import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../../plan/json-value";
import { simulatedAccount } from "../../../plan/simulated-account";
import { type Aws, AwsError } from "../aws/cloud";
import type { Crash } from "../aws/faults";
import { type ProviderSettings, typeOf } from "./resources";
import { engineFile, Store } from "./store";

const simulated = process.env.SIMULATED_AWS ?? "";
if (simulated === "") throw new Error("SIMULATED_AWS names no folder: the simulated account needs one.");

interface Session {
  /** Folder of the simulated account. */
  folder: string;
  store: Store;
  /** From the engine's configure request. */
  settings: ProviderSettings;
}

/** What one provider process works with. */
export const session: Session = {
  folder: simulated,
  store: new Store(simulated),
  settings: { account: simulatedAccount(undefined), defaultTags: {} },
};

// A provider that outlives its engines is told on which account the next one works.
process.on("message", ({ account }: { readonly account: string }) => {
  session.folder = account;
  session.store = new Store(account);
  process.send?.("heard");
});

/** One change of the account; the engine is killed before or after it where the scenario says so. */
export function changing<T>(urn: string, body: (aws: Aws) => T): T {
  const { store } = session;
  const faults = store.faults();
  const crash = crashAt(urn, faults.crash);
  if (crash?.when === "before") killEngine();
  try {
    return store.change((cloud) => {
      const { clock } = faults;
      if (clock !== undefined) {
        const passed = (Date.now() - clock.startedAtMs) / clock.millisecondsPerSecond;
        cloud.clockSeconds = Math.max(cloud.clockSeconds, Math.floor(passed));
      }
      return body({ cloud, faults });
    });
  } finally {
    if (crash?.when === "after") killEngine();
  }
}

/** The kill of this change, once what the engine has to write before it is written. */
function crashAt(urn: string, crash: Crash | undefined): Crash | undefined {
  if (crash === undefined) return undefined;
  const { at, stateFile } = crash;
  const number = session.store.peek().journal.length + 1;
  if (typeof at === "number" ? at !== number : at !== typeOf(urn)) return undefined;
  waitForPending(stateFile, urn);
  return crash;
}

export function plain(struct: Struct | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}

/**
 * As a machine that goes down: nothing is written any more. A provider that the engine was attached to outlives it, and finds its
 * process by the number that it was started with.
 */
function killEngine(): never {
  const file = join(session.folder, engineFile);
  const attached = existsSync(file);
  process.kill(attached ? Number(readFileSync(file, "utf8")) : process.ppid, "SIGKILL");
  if (attached) throw new AwsError("Killed", "Nobody hears this: the engine is gone.");
  process.exit(1);
}

/** Milliseconds for which a state is unchanged when no other step writes it any more. */
const settleMs = 40;
const patienceMs = 20_000;

/**
 * Waits until the engine has written what it knows of this change, which it does before it asks the provider, and writes nothing else.
 * A kill in the moment of writing was seen to leave a state without resources, which is another kind of loss.
 */
function waitForPending(stateFile: string, urn: string): void {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, settleMs / 4);
    if (!existsSync(stateFile) || Date.now() - statSync(stateFile).mtimeMs < settleMs) continue;
    if (pendingIn(readFileSync(stateFile, "utf8")).includes(urn)) return;
  }
  throw new Error(`The engine did not write that ${urn} is pending.`);
}

function pendingIn(state: string): string[] {
  if (!state.endsWith("}") && !state.endsWith("}\n")) return [];
  const { checkpoint } = JSON.parse(state) as {
    checkpoint?: { latest?: { pending_operations?: { resource: { urn: string } }[] } };
  };
  return (checkpoint?.latest?.pending_operations ?? []).map(({ resource }) => resource.urn);
}
