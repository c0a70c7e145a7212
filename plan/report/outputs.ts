import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "../json-value";
import type { Plan } from "../plan";
import { entry, type Layout } from "./layout";

/** Stack outputs, nested ones by their path: `endpoints.single.arn`. */
export function renderOutputs(plan: Pick<Plan, "outputs">, layout: Layout): string[] {
  const rows = flatten(plan.outputs, "");
  if (rows.length === 0) return ["The program exports nothing."];
  const longest = Math.max(...rows.map(([path]) => path.length));
  const labelWidth = Math.min(longest, Math.floor(layout.width * 0.45));
  return rows.flatMap(([path, value]) => entry(path, value, labelWidth, 0, layout));
}

function flatten(value: JsonObject, lead: string): [string, string][] {
  return Object.keys(value)
    .sort(byCodeUnit)
    .flatMap((key): [string, string][] => {
      const item = value[key] as JsonValue;
      const path = lead === "" ? key : `${lead}.${key}`;
      if (isJsonObject(item) && Object.keys(item).length > 0) return flatten(item, path);
      return [[path, typeof item === "string" ? item : JSON.stringify(item)]];
    });
}
