/**
 * Reading resource properties without trusting them. In a preview a policy's `props` are a proxy that throws where a value is
 * unknown, and a throw turns a mandatory policy into an advisory one (https://github.com/pulumi/pulumi-policy/issues/181):
 * so properties are copied into plain data first, with a mark where the unknown was.
 */
export const UNKNOWN: unique symbol = Symbol("unknown until deployment");

export type Properties = Readonly<Record<string, unknown>>;

// The engine's marks for unknown string, number, boolean, array, object, asset and archive (sdk/go/common/resource/plugin/rpc.go).
const SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

// Deeper than any AWS property; it ends the copy of a value that contains itself.
const MAX_DEPTH = 40;

/**
 * A plain copy. What is unknown, also a string built around an unknown, is `UNKNOWN` in it; a JSON object in a string is left
 * whole, for `plain` to be applied again after parsing. Never throws.
 */
export function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return isUnknownText(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (depth >= MAX_DEPTH) return undefined;

  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index++) list.push(member(value, index, depth));
    return list;
  }
  if (isOutput(value)) return UNKNOWN;
  return Object.fromEntries(Object.keys(value).map((key) => [key, member(value, key, depth)]));
}

const copied = new WeakMap<object, Map<string, unknown>>();

/** The named properties of a resource, copied; the rest is not looked at. Rules that read the same property share the copy. */
export function pick(properties: object, names: readonly string[]): Properties {
  const source = behindProxy(properties);
  let copies = copied.get(source);
  if (copies === undefined) {
    copies = new Map();
    copied.set(source, copies);
  }
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    if (!(name in source)) continue;
    if (!copies.has(name)) copies.set(name, member(source, name, 0));
    picked[name] = copies.get(name);
  }
  return picked;
}

/** The value as an object, or `undefined` for anything else (also for `UNKNOWN`). */
export function asObject(value: unknown): Properties | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Properties)
    : undefined;
}

/** A list as it is, a single value as a list of one, nothing as an empty list. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

export type Quantity =
  | { readonly kind: "known"; readonly value: number }
  | { readonly kind: "missing" }
  | { readonly kind: "unknown" }
  | { readonly kind: "invalid" };

/** A count or size: finite, not negative; YAML programs may send it as a string of digits. */
export function quantity(value: unknown): Quantity {
  if (value === undefined || value === null) return { kind: "missing" };
  if (value === UNKNOWN) return { kind: "unknown" };

  const number = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return { kind: "invalid" };
  return { kind: "known", value: number };
}

/**
 * What the SDK's proxy checks reads of: `plain` marks the unknowns as well, and needs no proxy around each value. Where the SDK gives it
 * no longer, the proxy itself will do.
 */
function behindProxy(properties: object): object {
  if ((properties as Proxied)[IS_PROXY] !== true) return properties;
  const target = (properties as Proxied)[PROXY_TARGET];
  return typeof target === "object" && target !== null ? target : properties;
}

const IS_PROXY = "__isSpecialProxy";
const PROXY_TARGET = "__getSpecialProxyTarget";

interface Proxied {
  readonly [IS_PROXY]?: unknown;
  readonly [PROXY_TARGET]?: unknown;
}

function member(holder: object, key: string | number, depth: number): unknown {
  let value: unknown;
  try {
    value = (holder as Record<string | number, unknown>)[key];
  } catch {
    // A property that cannot be read is unknown: the proxy's UnknownValueError, or a getter of somebody's own.
    return UNKNOWN;
  }
  return plain(value, depth + 1);
}

// The proxy lets a string pass that merely contains a mark. All marks are UUIDs of version 4; few other texts have a "-4".
function isUnknownText(value: string): boolean {
  const marked = value.includes("-4") && SENTINELS.some((mark) => value.includes(mark));
  return marked && !value.trimStart().startsWith("{");
}

function isOutput(value: object): boolean {
  return "__pulumiOutput" in value;
}
