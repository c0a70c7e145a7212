import type { Plan } from "../plan";
import { entry, type Layout, wrap } from "./layout";

/** What waits, together where the reason and the next command are the same. */
export function renderNotDue({ notDue }: Pick<Plan, "notDue">, layout: Layout): string[] {
  const groups = new Map<string, { what: string[]; reason: string; next: string }>();
  for (const { what, reason, next } of notDue) {
    const key = JSON.stringify([reason, next]);
    const known = groups.get(key) ?? { what: [], reason, next };
    groups.set(key, { ...known, what: [...known.what, what] });
  }
  return [...groups.values()].flatMap(({ what, reason, next }) => [
    ...wrap(what.join(", "), layout.width, "  ").map((line) => layout.paint.bold(line)),
    ...entry("why", reason, 4, 2, layout),
    ...entry("next", next, 4, 2, layout),
  ]);
}
