import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../../plan/json-value";
import { simulatedAccount } from "../../../plan/simulated-account";
import type { Aws } from "../aws/cloud";
import type { ProviderSettings } from "./resources";
import { Store } from "./store";

const folder = process.env.SIMULATED_AWS;
if (folder === undefined) throw new Error("SIMULATED_AWS names no folder: the simulated account needs one.");

/** Milliseconds in which the engine writes what other steps have changed. */
const settleMs = 200;

interface Session {
  readonly store: Store;
  /** From the engine's configure request. */
  settings: ProviderSettings;
}

/** What one provider process works with. */
export const session: Session = {
  store: new Store(folder),
  settings: { account: simulatedAccount(undefined), defaultTags: {} },
};

/** One change of the account; the engine is killed before or after it where the scenario says so. */
export function changing<T>(type: string, body: (aws: Aws) => T): T {
  const { store } = session;
  const faults = store.faults();
  const crash = faults.crash?.type === type ? faults.crash.when : undefined;
  if (crash === "before") killEngine();
  try {
    return store.change((cloud) => body({ cloud, faults }));
  } finally {
    if (crash === "after") killEngine();
  }
}

/**
 * As a machine that goes down: nothing is written any more. First the engine may finish what it is writing, as its file backend does
 * not write atomically: killed in the middle, it leaves an empty state, which is another kind of loss.
 */
function killEngine(): never {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, settleMs);
  process.kill(process.ppid, "SIGKILL");
  process.exit(1);
}

export function plain(struct: Struct | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}
