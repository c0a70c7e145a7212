/** Something in the input that no YAML file can hold, found while copying. */
export interface Unusable {
  readonly path: readonly PropertyKey[];
  readonly received: string;
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

const deepest = 200;

/** No key of the schema takes a text half as long; regular expressions on millions of characters exhaust the stack. */
const longestText = 2000;

/**
 * Own data of a value, copied once, so that everything after works on plain objects and lists with sorted keys: no
 * getters, no inherited or `__proto__` keys, no cycles. What cannot be copied is reported and left out.
 */
export function plainCopy(value: unknown): {
  readonly copy: unknown;
  readonly unusable: readonly Unusable[];
} {
  const unusable: Unusable[] = [];
  const copies = new Map<object, unknown>();
  const open = new Set<object>();

  const report = (path: readonly PropertyKey[], received: string, message: string, fix: string) => {
    unusable.push({
      path,
      received,
      message,
      allowed: "sections, lists, text, numbers, true and false",
      fix,
    });
  };

  const visit = (item: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof item === "string" && item.length > longestText) {
      report(
        path,
        `text of ${item.length} characters`,
        `is ${item.length} characters long`,
        "Write something shorter.",
      );
      return undefined;
    }
    if (typeof item !== "object" || item === null) return item;
    if (open.has(item)) {
      report(
        path,
        "a section or list",
        "contains itself",
        "Remove the alias that points back to a section around it.",
      );
      return undefined;
    }
    // YAML aliases share objects; a copy made once keeps a small file from unfolding into a huge one.
    if (copies.has(item)) return copies.get(item);
    if (path.length > deepest) {
      report(
        path.slice(0, 8),
        "a section or list",
        `is nested deeper than ${deepest} levels`,
        "Remove the nesting.",
      );
      return undefined;
    }
    const properties = ownProperties(item);
    if (properties === undefined) {
      report(path, "an object", "is an object that no configuration file holds", "Write the value as text.");
      return undefined;
    }

    open.add(item);
    const isList = Array.isArray(item);
    const copy: unknown[] | Record<string, unknown> = isList ? [] : {};
    for (const [key, property] of properties) {
      if (property.enumerable !== true) continue;
      const at = [...path, isList && /^\d+$/.test(key) ? Number(key) : key];
      if (key === "__proto__") {
        report(at, "the key __proto__", "is not a usable key", "Remove it.");
      } else if (key.length > longestText) {
        report(
          at,
          `a key of ${key.length} characters`,
          "is not a usable key: it is too long",
          "Write something shorter.",
        );
      } else if (!("value" in property)) {
        report(at, "a getter", "is computed on access", "Write the value itself.");
      } else {
        Object.defineProperty(copy, key, {
          value: visit(property.value, at),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
    }
    open.delete(item);
    copies.set(item, copy);
    return copy;
  };

  return { copy: visit(value, []), unusable };
}

/**
 * Properties of a plain object sorted by key, so that two files that differ in the order of their keys come out the
 * same, or of a list without holes. `undefined` for everything else, such as dates, maps and proxies that refuse.
 */
function ownProperties(item: object): [string, PropertyDescriptor][] | undefined {
  try {
    const properties = Object.entries(Object.getOwnPropertyDescriptors(item));
    if (Array.isArray(item)) return properties.length === item.length + 1 ? properties : undefined;
    if (Object.prototype.toString.call(item) !== "[object Object]") return undefined;
    return properties.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  } catch {
    // The caller reports it: only an object whose reflection throws comes here.
    return undefined;
  }
}

/** Freezes a tree of plain objects and lists in place. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
