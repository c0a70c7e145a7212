import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import replacement from "./replacement.json";

export interface Difference {
  /** Top-level properties that differ. */
  readonly properties: string[];
  /** Those of them that AWS cannot change on what is there. */
  readonly replaces: string[];
}

interface Change {
  /** `primaryContainer.image`; items of a list have no number. */
  readonly path: string;
  readonly kind: "changed" | "added or removed";
}

const replacing: Readonly<Record<string, readonly string[]>> = replacement.types;

/**
 * What an update would change, as the provider finds it: what the program wants against what a description of the resource
 * returned last. Properties that the program never named are the provider's.
 */
export function difference(
  type: string,
  oldInputs: JsonObject,
  olds: JsonObject,
  news: JsonObject,
): Difference {
  const named = new Set([...Object.keys(oldInputs), ...Object.keys(news)]);
  const changes = [...named].flatMap((key) => changesBetween(olds[key], news[key], key));
  const top = (found: readonly Change[]) => [...new Set(found.map(({ path }) => path.split(".")[0] ?? ""))];
  return {
    properties: top(changes),
    replaces: top(changes.filter((change) => replaces(type, change))),
  };
}

function changesBetween(old: JsonValue | undefined, next: JsonValue | undefined, path: string): Change[] {
  if (JSON.stringify(old) === JSON.stringify(next)) return [];
  if (Array.isArray(old) && Array.isArray(next)) {
    return Array.from({ length: Math.max(old.length, next.length) }, (_, at) =>
      changesBetween(old[at], next[at], path),
    ).flat();
  }
  if (isJsonObject(old) && isJsonObject(next)) {
    return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((key) =>
      changesBetween(old[key], next[key], `${path}.${key}`),
    );
  }
  const whole = isJsonObject(old) || isJsonObject(next);
  if (whole && (old === undefined || next === undefined)) {
    const inside = Object.keys((old ?? next) as JsonObject).map((key): Change => {
      const value = ((old ?? next) as JsonObject)[key];
      return { path: `${path}.${key}`, kind: isJsonObject(value) ? "added or removed" : "changed" };
    });
    return [{ path, kind: "added or removed" }, ...inside];
  }
  return [{ path, kind: "changed" }];
}

function replaces(type: string, { path, kind }: Change): boolean {
  return (replacing[type] ?? []).some((rule) => {
    if (rule === "*") return !path.startsWith("tags");
    if (rule.endsWith(" (added or removed)"))
      return kind === "added or removed" && rule === `${path} (added or removed)`;
    return rule === path || path.startsWith(`${rule}.`);
  });
}
