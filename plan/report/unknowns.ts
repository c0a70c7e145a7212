import type { Plan } from "../plan";
import { count, entry, type Layout } from "./layout";

/** What the plan made up, one line each; the properties without a name of their own are counted unless `full`. */
export function renderUnknowns(
  { unknownUntilDeployment }: Pick<Plan, "unknownUntilDeployment">,
  layout: Layout,
  { full = false }: { full?: boolean } = {},
): string[] {
  const rows = unknownUntilDeployment.map(({ what, standsIn, resources }) => {
    const listed = standsIn?.split(", ") ?? [];
    if (resources > 0) return { what, text: `of ${count(resources, "resource")}` };
    if (standsIn === undefined) return { what, text: "looked up" };
    if (listed.length > 1) return { what, text: full ? standsIn : `${listed.length} kinds` };
    return { what, text: `shown as ${standsIn}` };
  });
  const longest = Math.max(0, ...rows.map(({ what }) => what.length));
  const labelWidth = Math.min(longest, layout.width - 22);
  return rows.flatMap(({ what, text }) => entry(what, text, labelWidth, 0, layout));
}
