import { isJsonObject, type JsonObject, type JsonValue } from "../plan/json-value";
import { simulate } from "../plan/simulate-outputs";
import { simulatedAccount } from "../plan/simulated-account";

export interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly inputs: JsonObject;
  readonly dependencies: readonly string[];
  readonly options: { readonly retainOnDelete?: boolean };
}

/**
 * What `raw-program.ts` reads: the AWS resources of a plan in an order in which each comes after what it uses.
 *
 * @param inComponents with the plan's components too, empty ones, as their parents. @default false
 */
export function rawResources(planned: readonly Planned[], inComponents = false): JsonObject[] {
  const ordered = inOrder(planned.filter(({ type }) => inComponents || isAws(type)));
  const indices = new Map(ordered.map(({ urn }, index) => [urn, index]));
  const outputs = ordered.map(outputsOf);
  return ordered.map(({ urn, type, parent, inputs, dependencies, options }, at) => {
    const uses = dependencies.flatMap((dependency) => indices.get(dependency) ?? []);
    const referred = new Set<number>();
    const link = (value: JsonValue): JsonValue => {
      if (typeof value === "string") {
        for (const index of uses) {
          const property = outputs[index]?.get(value);
          if (property === undefined) continue;
          referred.add(index);
          return { "@": [index, property] };
        }
        return value;
      }
      if (Array.isArray(value)) return value.map(link);
      if (!isJsonObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, link(item)]));
    };
    const linked = link(withoutFiles(inputs));
    return {
      type,
      // Without parents the names of one type must differ.
      name: `${urn.split("::").at(-1)}-${at}`,
      inputs: linked,
      dependsOn: uses.filter((index) => !referred.has(index)),
      parent: indices.get(parent ?? "") ?? null,
      retainOnDelete: options.retainOnDelete === true,
    };
  });
}

function isAws(type: string): boolean {
  return type.startsWith("aws:");
}

/** Values that others may refer to, by value; the first property that has one stands for it. */
function outputsOf({ urn, type, name, inputs }: Planned): ReadonlyMap<JsonValue, string> {
  if (!isAws(type)) return new Map();
  const { id, defaults, computed } = simulate({
    urn,
    type,
    name,
    inputs,
    account: simulatedAccount(undefined),
  });
  const all = { ...inputs, ...defaults, ...computed, id };
  const entries = Object.entries(all).filter(([, value]) => typeof value === "string" && value.length > 8);
  return new Map(entries.reverse().map(([key, value]) => [value, key]));
}

function inOrder(resources: readonly Planned[]): Planned[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const ordered = new Set<Planned>();
  const visit = (one: Planned): void => {
    if (ordered.has(one)) return;
    for (const urn of [one.parent ?? "", ...one.dependencies]) {
      const used = byUrn.get(urn);
      if (used !== undefined) visit(used);
    }
    ordered.add(one);
  };
  for (const one of resources) visit(one);
  return [...ordered];
}

/** A plan shows files by their digest; the baseline has a folder with the function, and a text for the training package. */
function withoutFiles(inputs: JsonObject): JsonObject {
  const { code, source, ...others } = inputs;
  return {
    ...others,
    ...(code === undefined ? {} : { code: { "@archive": "function" } }),
    ...(source === undefined ? {} : { content: "package" }),
  };
}
