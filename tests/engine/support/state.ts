import { readFileSync } from "node:fs";
import type { JsonObject } from "../../../plan/json-value";

/** A resource in a state file of the engine, as far as tests read it. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: JsonObject;
  readonly outputs?: JsonObject;
  readonly retainOnDelete?: boolean;
  readonly protect?: boolean;
  readonly delete?: boolean;
  /** Has a provider; a component has none. */
  readonly custom?: boolean;
}

interface Checkpoint {
  readonly resources?: StackResource[];
  readonly pending_operations?: PendingOperation[];
}

/** What the engine had begun. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StackResource;
}

/** Resources of a state file, as the engine wrote them; an empty state has none. */
export function readState(file: string): StackResource[] {
  return latest(file).resources ?? [];
}

export function readPending(file: string): PendingOperation[] {
  return latest(file).pending_operations ?? [];
}

function latest(file: string): Checkpoint {
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Checkpoint } };
  return checkpoint.latest ?? {};
}
