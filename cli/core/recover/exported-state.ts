import { CommandError } from "../exit-status";

type Json = Readonly<Record<string, unknown>>;

/** A resource of an exported state, as far as it is read here; the rest of it is carried along. */
export interface StateResource extends Json {
  readonly urn: string;
  readonly type: string;
  /** Has a provider; a component has none. */
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: Json;
  readonly outputs?: Json;
  /** URN and id of the provider. */
  readonly provider?: string;
  /** Its successor is there, and it is still to be deleted. */
  readonly delete?: boolean;
}

/** What the engine had asked for, and did not hear the end of. */
export interface PendingOperation extends Json {
  readonly type: OperationType;
  readonly resource: StateResource;
}

export interface ExportedState extends Json {
  readonly version: 3;
  readonly deployment: Json & {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go, OperationType. */
const operationTypes = ["creating", "updating", "deleting", "reading", "importing"] as const;
export type OperationType = (typeof operationTypes)[number];

/**
 * Reads what `pulumi stack export` writes.
 *
 * @throws CommandError where it is of a form that this code does not know: nothing is guessed about a state.
 */
export function readExportedState(text: string): ExportedState {
  const state = parsed(text);
  if (!isObject(state)) throw unknown("it is no JSON object");
  if (state.version !== 3)
    throw unknown(`its version is ${String(state.version)}, and only version 3 is known`);
  const { deployment } = state;
  if (!isObject(deployment)) throw unknown("it has no deployment");
  const { resources = [], pending_operations: pending = [] } = deployment;
  if (!Array.isArray(resources) || !resources.every(isResource))
    throw unknown("its resources are no list of resources");
  if (!Array.isArray(pending)) throw unknown("its pending operations are no list");
  for (const one of pending) {
    const type: unknown = isObject(one) ? one.type : undefined;
    if (!operationTypes.some((known) => known === type))
      throw unknown(`a pending operation is of the type ${String(type)}`);
    if (!isObject(one) || !isResource(one.resource)) throw unknown("a pending operation has no resource");
  }
  return state as ExportedState;
}

/** Last part of a URN: the name in the program. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unknown(`it is not valid JSON (${(error as Error).message})`);
  }
}

function unknown(why: string): CommandError {
  return new CommandError(
    `The exported state cannot be read: ${why}. Nothing was changed. Look at it with \`pulumi stack export\`, and see ` +
      "docs/when-a-deployment-is-killed.md for an older copy.",
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isResource(value: unknown): value is StateResource {
  return isObject(value) && typeof value.urn === "string" && typeof value.type === "string";
}
