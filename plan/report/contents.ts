import { byCodeUnit } from "../json-value";
import { amountOf, serviceOf, typeParts, typeWords } from "./words";

/** A resource and what its name adds to its component's: "errors" of "multi-errors". */
export interface Held {
  readonly type: string;
  readonly suffix: string | undefined;
}

/** Names of one kind that are still worth reading out. */
const mostNames = 4;

/**
 * What a component holds, as one phrase: "S3 bucket (lifecycle configuration, policy, versioning), 3 metric alarms
 * (errors, idle, latency)". A type whose words continue another's, as a bucket's policy does, stands in its parentheses. What the component is named after comes first, then what has parts.
 */
export function contentsOf(held: readonly Held[], componentType: string): string {
  const byType = new Map<string, Held[]>();
  for (const item of held) byType.set(item.type, [...(byType.get(item.type) ?? []), item]);
  const types = [...byType.keys()].sort((a, b) => byCodeUnit(typeWords(a), typeWords(b)));
  const headOf = new Map(types.map((type) => [type, head(type, types)]));
  const named = typeParts(componentType);
  const phrases = types
    .filter((type) => headOf.get(type) === undefined)
    .map((type) => {
      const parts = types.filter((other) => headOf.get(other) === type);
      const central = typeParts(type).some((word) => named.includes(word));
      return { text: phrase(type, parts, byType), rank: central ? 0 : parts.length > 0 ? 1 : 2 };
    });
  // The sort is stable: within a rank the words' order stays.
  return phrases
    .sort((a, b) => a.rank - b.rank)
    .map(({ text }) => text)
    .join(", ");
}

/** The shortest type that this one belongs to. */
function head(type: string, types: readonly string[]): string | undefined {
  const words = typeParts(type);
  return types
    .filter((other) => {
      const start = typeParts(other);
      const akin = serviceOf(other) === serviceOf(type) || start.length > 1;
      return akin && start.length < words.length && start.every((word, index) => word === words[index]);
    })
    .sort((a, b) => typeParts(a).length - typeParts(b).length)[0];
}

function phrase(type: string, parts: readonly string[], byType: ReadonlyMap<string, Held[]>): string {
  const items = byType.get(type) ?? [];
  const noun = items.length === 1 ? typeWords(type) : amountOf(items.length, typeWords(type));
  const length = typeParts(type).length;
  const details = parts.map((part) => {
    const amount = byType.get(part)?.length ?? 0;
    const rest = typeParts(part).slice(length).join(" ");
    return amount === 1 ? rest : amountOf(amount, rest);
  });
  if (details.length > 0) return `${noun} (${details.join(", ")})`;
  const names = items.flatMap(({ suffix }) => suffix ?? []).sort(byCodeUnit);
  const readable = items.length > 1 && names.length === items.length && names.length <= mostNames;
  return readable ? `${noun} (${names.join(", ")})` : noun;
}
