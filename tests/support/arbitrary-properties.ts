import fc from "fast-check";
import { secret, UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "./policy-request";

/** Planted where secrets are; no message of a rule may hold it. */
export const MARKER = "hunter2-planted-marker";

const hugeText = "a".repeat(20_000);

/** Values that a program, a person or an attacker may put where a rule expects something else. */
const hostileLeaf = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "0",
  "-1",
  "1e400",
  "true",
  "*",
  "**",
  "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
  "arn:*:*:*:*:*",
  "ml.m5.large",
  "ml.p5.48xlarge",
  "ml.unknown.9xlarge",
  "0.0.0.0/0",
  "::/0",
  "not json {",
  "[1]",
  '"text"',
  "{}",
  '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"${UNKNOWN_STRING}"}]}`,
  '{"__proto__":{"Effect":"Allow"},"Statement":{"Effect":null}}',
  "__proto__",
  "constructor",
  "${jndi:ldap://x}",
  "\u0000\ud800",
  "(a+)+$".repeat(50),
  `${"a".repeat(5000)}!`,
  hugeText,
  UNKNOWN_STRING,
  UNKNOWN_ARRAY,
  UNKNOWN_NUMBER,
  `arn:aws:s3:::${UNKNOWN_STRING}/*`,
);

const hostileKey = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "length",
  "",
  "Statement",
  "instanceType",
  "value",
);

/** Any JSON, with the above in it, lists and objects in each other, secrets around whole parts. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: hostileLeaf },
    { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
    { weight: 1, arbitrary: fc.double() },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.tuple(fc.oneof(hostileKey, fc.string({ maxLength: 8 })), tie("value")), { maxLength: 4 })
        .map(withOwnKeys),
    },
    { weight: 1, arbitrary: tie("value").map(secret) },
    { weight: 1, arbitrary: fc.constant(nested(60)) },
  ),
})).value;

/** The value with one part, at any depth, replaced by something hostile. */
export function damaged(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsIn(value);
  return fc
    .tuple(fc.constantFrom(...paths), hostileValue)
    .map(([path, instead]) => replaced(value, path, instead));
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const own = Array.isArray(value)
    ? value.flatMap((item, index) => pathsIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]));
  return path.length === 0 && own.length > 0 ? own : [path, ...own];
}

function replaced(value: unknown, [key, ...rest]: Path, instead: unknown): unknown {
  if (key === undefined) return instead;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? replaced(item, rest, instead) : item));
  }
  return withOwnKeys(
    Object.entries(value as object).map(([name, item]) => [
      name,
      name === key ? replaced(item, rest, instead) : item,
    ]),
  );
}

/** `__proto__` becomes a key like any other, as it does out of JSON. */
function withOwnKeys(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function nested(depth: number): unknown {
  return depth === 0 ? "deep" : depth % 2 === 0 ? [nested(depth - 1)] : { inside: nested(depth - 1) };
}
