import type { Grant } from "../permissions";

/** A grant with its statements merged, as far as that changes nothing. */
export type MergedGrant = Omit<Grant, "source">;

/**
 * Grants that differ only in their resources become one, then those that differ only in their actions. Both allow or deny
 * exactly what the separate ones did: a statement is the product of its actions and resources.
 */
export function mergedGrants(grants: readonly MergedGrant[]): MergedGrant[] {
  const byActions = merge(
    grants,
    (grant) => [grant.actions, grant.notActions],
    (a, b) => ({
      ...a,
      resources: union(a.resources, b.resources),
    }),
    ({ notResources }) => notResources === undefined,
  );
  return merge(
    byActions,
    (grant) => [grant.resources, grant.notResources],
    (a, b) => ({
      ...a,
      actions: union(a.actions, b.actions),
    }),
    ({ notActions }) => notActions === undefined,
  );
}

function merge(
  grants: readonly MergedGrant[],
  same: (grant: MergedGrant) => unknown,
  join: (a: MergedGrant, b: MergedGrant) => MergedGrant,
  mergeable: (grant: MergedGrant) => boolean,
): MergedGrant[] {
  const merged = new Map<string, MergedGrant>();
  grants.forEach((grant, index) => {
    const key = JSON.stringify(
      mergeable(grant) ? [grant.effect, grant.conditions ?? {}, same(grant)] : [index],
    );
    const known = merged.get(key);
    merged.set(key, known === undefined ? grant : join(known, grant));
  });
  return [...merged.values()];
}

/** Actions by service: "s3" with "GetObject", "PutObject"; "*" is every service. */
export function actionsByService(actions: readonly string[]): [string, string[]][] {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const colon = action.indexOf(":");
    const service = colon === -1 ? "any service" : action.slice(0, colon);
    const name = action.slice(colon + 1);
    services.set(service, [...(services.get(service) ?? []), name === "*" ? "every action" : name]);
  }
  return [...services];
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
