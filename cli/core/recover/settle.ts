import { type ExportedState, nameOf, type PendingOperation, type StateResource } from "./exported-state";
import { type Place, wayOf } from "./import-id";

/** What a person has looked up, by name in the program or URN. */
export interface Answers {
  /** Ids of what AWS has made. */
  readonly made: ReadonlyMap<string, string>;
  readonly notMade: ReadonlySet<string>;
}

/** What becomes of one pending operation. */
export type Decision = { readonly urn: string; readonly type: string; readonly name: string } & (
  | {
      /** Goes into the state with this id; a refresh takes it out again where AWS has no such thing. */
      readonly kind: "look";
      readonly id: string;
    }
  /** Of what is in the state already: a refresh reads how far AWS has come. */
  | { readonly kind: "read"; readonly operation: string }
  /** Nothing is lost where the next deployment does it again. */
  | { readonly kind: "forget" }
  /** Nobody but a person can tell. */
  | { readonly kind: "ask" }
);

/** @param place in a function, as it costs a call to AWS and may not be needed. */
export function decide(operation: PendingOperation, answers: Answers, place: Place): Decision {
  const { type: doing, resource } = operation;
  const { urn, type } = resource;
  const name = nameOf(urn);
  const about = { urn, type, name };
  if (doing === "updating" || doing === "deleting") return { ...about, kind: "read", operation: doing };
  // Reading and importing change nothing.
  if (doing !== "creating") return { ...about, kind: "forget" };
  const made = answers.made.get(urn) ?? answers.made.get(name);
  if (made !== undefined) return { ...about, kind: "look", id: made };
  if (answers.notMade.has(urn) || answers.notMade.has(name)) return { ...about, kind: "forget" };
  // A component is in the state alone, and what is made below it needs it there.
  if (resource.custom !== true) return { ...about, kind: "look", id: "" };
  const way = wayOf(resource, place);
  return { ...about, ...(way.kind === "repeat" ? { kind: "forget" } : way) };
}

/** The state with nothing pending, and with what AWS may have made among the resources. */
export function settled(state: ExportedState, decisions: readonly Decision[]): ExportedState {
  const { resources = [], pending_operations: pending = [] } = state.deployment;
  const known = new Set(resources.map(({ type, id }) => `${type} ${id}`));
  const adopted = pending.flatMap(({ type: doing, resource }): StateResource[] => {
    const decision = decisions.find(({ urn }) => urn === resource.urn);
    if (doing !== "creating" || decision?.kind !== "look") return [];
    if (resource.custom !== true) return [resource];
    const { id } = decision;
    return known.has(`${resource.type} ${id}`) ? [] : [{ ...resource, id }];
  });
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: adopted
        // What others stand below comes first.
        .sort((a, b) => Number(a.custom === true) - Number(b.custom === true))
        .reduce(placed, resources),
      pending_operations: [],
    },
  };
}

/**
 * A successor goes before what it replaces, which is then to be deleted: the engine takes two of one URN only in this order
 * (https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/snapshot.go, VerifyIntegrity).
 */
function placed(resources: readonly StateResource[], adopted: StateResource): readonly StateResource[] {
  const at = resources.findIndex(({ urn }) => urn === adopted.urn);
  const old = resources[at];
  return old === undefined
    ? [...resources, adopted]
    : [...resources.slice(0, at), adopted, { ...old, delete: true }, ...resources.slice(at + 1)];
}

/** A resource that was taken into the state and is somebody else's: its tags are not those that this stack gives. */
export interface Foreign {
  readonly resource: StateResource;
  readonly tag: string;
  readonly expected: string;
  readonly found: string | undefined;
}

/** @param state after the refresh, which has read the tags. Types without tags are taken on trust. */
export function foreignIn(state: ExportedState, decisions: readonly Decision[]): Foreign[] {
  const { resources = [] } = state.deployment;
  const looked = new Set(decisions.filter(({ kind }) => kind === "look").map(({ urn }) => urn));
  return resources
    .filter(({ urn, delete: old }) => looked.has(urn) && old !== true)
    .flatMap((resource): Foreign[] => {
      const found = resource.outputs?.tagsAll;
      if (typeof found !== "object" || found === null) return [];
      const own = Object.entries(defaultTags(resources, resource)).find(
        ([tag, value]) => (found as Record<string, unknown>)[tag] !== value,
      );
      if (own === undefined) return [];
      const [tag, expected] = own;
      const other = (found as Record<string, unknown>)[tag];
      return [{ resource, tag, expected, found: typeof other === "string" ? other : undefined }];
    });
}

/** The state without these resources. */
export function withoutForeign(state: ExportedState, foreign: readonly Foreign[]): ExportedState {
  const gone = new Set(foreign.map(({ resource: { urn, id } }) => `${urn} ${id}`));
  const { resources = [] } = state.deployment;
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: resources.filter(({ urn, id }) => !gone.has(`${urn} ${id}`)),
    },
  };
}

/** Tags that the resource's provider gives to everything. The engine keeps a provider's nested inputs as JSON text. */
function defaultTags(
  resources: readonly StateResource[],
  { provider }: StateResource,
): Record<string, string> {
  const found = resources.find(({ urn, id }) => `${urn}::${id}` === provider)?.inputs?.defaultTags;
  if (typeof found !== "string") return {};
  const { tags = {} } = JSON.parse(found) as { readonly tags?: Record<string, string> };
  return tags;
}
