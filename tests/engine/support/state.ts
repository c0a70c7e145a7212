import { readFileSync } from "node:fs";
import type { JsonObject } from "../../../plan/json-value";
import type { CloudObject } from "../aws/cloud";

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

/** What the engine knows, and what it had begun. */
export interface Checkpoint {
  readonly resources?: StackResource[];
  readonly pending_operations?: { readonly type: string; readonly resource: StackResource }[];
}

/** Resources of a state file, as the engine wrote them; an empty state has none. */
export function readState(file: string): StackResource[] {
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Checkpoint } };
  return checkpoint.latest?.resources ?? [];
}

/** The state with each creation that AWS has done among its resources, and with nothing pending. */
export function withFinishedCreations(state: Checkpoint, objects: readonly CloudObject[]): Checkpoint {
  const { resources = [], pending_operations = [] } = state;
  const known = new Set(resources.map(({ type, id }) => `${type} ${id}`));
  const done = pending_operations
    .filter(({ type }) => type === "creating")
    .flatMap(({ resource }): StackResource[] => {
      if (resource.custom !== true) return [resource];
      const made = objects.find(({ urn, type, id }) => urn === resource.urn && !known.has(`${type} ${id}`));
      return made === undefined ? [] : [{ ...resource, id: made.id }];
    })
    // What others stand below comes first.
    .sort((a, b) => Number(a.custom === true) - Number(b.custom === true));
  return { ...state, resources: [...resources, ...done], pending_operations: [] };
}
