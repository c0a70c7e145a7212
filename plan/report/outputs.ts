import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "../json-value";
import type { Plan } from "../plan";
import { type Layout, truncateMiddle, wrap } from "./layout";

const step = 2;

/** Stack outputs, nested ones as blocks; single values come before blocks. */
export function renderOutputs(plan: Pick<Plan, "outputs">, layout: Layout): string[] {
  if (Object.keys(plan.outputs).length === 0) return ["The program exports nothing."];
  const labelWidth = Math.min(Math.floor(layout.width * 0.4), longestLabel(plan.outputs, 0));
  return block(plan.outputs, 0, labelWidth, layout);
}

function block(value: JsonObject, depth: number, labelWidth: number, layout: Layout): string[] {
  const keys = Object.keys(value).sort(byCodeUnit);
  const nested = keys.filter((key) => isBlock(value[key]));
  const indent = " ".repeat(depth * step);
  return [
    ...keys
      .filter((key) => !nested.includes(key))
      .flatMap((key) => line(key, shown(value[key]), depth, labelWidth, layout)),
    ...nested.flatMap((key) => [
      indent + layout.paint.bold(truncateMiddle(key, layout.width - indent.length)),
      ...block(value[key] as JsonObject, depth + 1, labelWidth, layout),
    ]),
  ];
}

/** A value that fits a line of its own is not broken, so that it can be copied. */
function line(key: string, text: string, depth: number, labelWidth: number, layout: Layout): string[] {
  const indent = " ".repeat(depth * step);
  const room = layout.width - labelWidth - 2;
  const label = truncateMiddle(key, labelWidth - indent.length);
  const head = `${indent}${label}`;
  if (text.length <= room) return [`${head.padEnd(labelWidth)}  ${text}`.trimEnd()];
  const below = `${indent}    `;
  return [head, ...wrap(text, layout.width - below.length).map((part) => below + part)];
}

function longestLabel(value: JsonObject, depth: number): number {
  return Math.max(
    0,
    ...Object.entries(value).map(([key, item]) =>
      isBlock(item) ? longestLabel(item, depth + 1) : depth * step + key.length,
    ),
  );
}

function isBlock(value: JsonValue | undefined): value is JsonObject {
  return value !== undefined && isJsonObject(value) && Object.keys(value).length > 0;
}

function shown(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.length === 0 ? "none" : JSON.stringify(value);
}
