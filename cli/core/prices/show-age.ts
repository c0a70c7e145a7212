import { entry, type Layout, wrap } from "../../../plan/report/layout";
import type { DatedRow, TableAge } from "./age";

/** One block per region, then the verdict and what to do. */
export function agesText(ages: readonly TableAge[], maxAgeDays: number, layout: Layout): string {
  const { width, paint } = layout;
  const blocks = ages.flatMap((age) => [
    `${paint.bold(age.region)}  ${age.rows} rows  ${age.fresh ? paint.green("fresh") : paint.red("too old")}`,
    ...facts(age).flatMap(([label, { row, date, ageDays }]) =>
      entry(label, `${days(ageDays)} (${date}) ${row}`, "oldest in use".length, 2, layout),
    ),
  ]);
  const old = ages.filter(({ fresh }) => !fresh).map(({ region }) => region);
  const verdict =
    old.length === 0
      ? paint.green(`No price in use is older than ${maxAgeDays} days.`)
      : wrap(
          `Older than ${maxAgeDays} days: ${old.join(", ")}. Refresh with \`npx sagemaker-ops prices refresh --region ${old[0]}\` (needs pricing:GetProducts), review the diff and commit it.`,
          width,
        ).join("\n");
  return `${[...blocks, "", verdict].join("\n")}\n`;
}

function facts({ newest, oldest, oldestInUse }: TableAge): [string, DatedRow][] {
  return [
    ["newest", newest],
    ...(oldestInUse === undefined ? [] : [["oldest in use", oldestInUse] as [string, DatedRow]]),
    ["oldest", oldest],
  ];
}

function days(ageDays: number): string {
  return `${ageDays} day${ageDays === 1 ? "" : "s"}`;
}
