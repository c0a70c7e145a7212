import type { Run } from "./engine-stack";

/** What a run changed or would change, as `op name`, sorted; looking at something is no change. */
export function changesOf({ operations }: Run): string[] {
  return operations
    .filter(({ op }) => !["same", "refresh", "read"].includes(op))
    .map(({ op, name }) => `${op} ${name}`)
    .sort();
}

/** What failed, and what the engine said about it; empty after a good run. */
export function failuresOf({ operations, errors }: Run): string[] {
  return [...operations.filter(({ failed }) => failed).map(({ op, name }) => `${op} ${name}`), ...errors];
}
