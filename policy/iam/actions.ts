import list from "./actions.json";
import { actionPatterns } from "./patterns";

interface Action {
  /** `service:Action` */
  readonly name: string;
  /** In lower case. */
  readonly key: string;
  readonly hasResource: boolean;
}

const SERVICES: ReadonlyMap<string, readonly Action[]> = new Map(
  Object.entries(list.services).map(([service, { withoutResource, withResource }]) => [
    service,
    [...actionsOf(service, withoutResource, false), ...actionsOf(service, withResource, true)],
  ]),
);

const BY_KEY: ReadonlyMap<string, Action> = new Map(
  [...SERVICES.values()].flat().map((action) => [action.key, action]),
);

/** The listed actions that a pattern such as `ec2:Describe*` takes in. Empty for what is not in the list, an action or its service. */
export function actionsMatching(pattern: string): readonly Action[] {
  const key = pattern.trim().toLowerCase();
  if (!/[*?]/.test(key)) {
    const action = BY_KEY.get(key);
    return action === undefined ? [] : [action];
  }
  const matches = actionPatterns([key]);
  const service = key.split(":")[0] ?? "";
  return (SERVICES.get(service) ?? []).filter((action) => matches?.matches(action.key) === true);
}

function actionsOf(service: string, names: string, hasResource: boolean): readonly Action[] {
  return names
    .split(" ")
    .filter((name) => name !== "")
    .map((name) => ({ name: `${service}:${name}`, key: `${service}:${name}`.toLowerCase(), hasResource }));
}
