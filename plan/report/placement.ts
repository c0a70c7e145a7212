import type { Plan, PlannedResource } from "../plan";
import { typeWords } from "./words";

/** A plan's resources by URN and by parent, and what to call them. */
export interface Placement {
  get(urn: string): PlannedResource | undefined;
  /** Roots for undefined: the stack, and whatever has a parent outside the plan. */
  below(urn: string | undefined): readonly PlannedResource[];
  /** Components above a resource, the nearest first; the stack is none. */
  componentsAbove(urn: string): PlannedResource[];
}

const stackType = "pulumi:pulumi:Stack";

export function placementOf({ resources }: Pick<Plan, "resources">): Placement {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = new Map<string | undefined, PlannedResource[]>();
  for (const resource of resources) {
    const parent = resource.parent !== undefined && byUrn.has(resource.parent) ? resource.parent : undefined;
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  return {
    get: (urn) => byUrn.get(urn),
    below: (urn) => children.get(urn) ?? [],
    componentsAbove: (urn) => {
      const found: PlannedResource[] = [];
      let resource = byUrn.get(byUrn.get(urn)?.parent ?? "");
      while (resource !== undefined) {
        if (isComponent(resource)) found.push(resource);
        resource = byUrn.get(resource.parent ?? "");
      }
      return found;
    },
  };
}

export function isComponent(resource: PlannedResource): boolean {
  return !resource.custom && resource.type !== stackType;
}

export function isStack(resource: PlannedResource): boolean {
  return resource.type === stackType;
}

/** A kind with a name: "inference endpoint multi"; what the kind says already is not said twice: "training box". */
export function titleOf(words: string, name: string): string {
  const spaced = name.replaceAll("-", " ").toLowerCase();
  const known = words.toLowerCase();
  return known === spaced || known.startsWith(`${spaced} `) ? words : `${words} ${name}`;
}

/** What a resource belongs to: its outermost component, else itself. */
export function ownerTitle(resource: PlannedResource, placement: Placement): string {
  const owner = placement.componentsAbove(resource.urn).at(-1) ?? resource;
  return titleOf(typeWords(owner.type), owner.name);
}
