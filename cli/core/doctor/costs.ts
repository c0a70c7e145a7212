import type { Contract } from "../../../infra/outputs";
import type { PriceTable } from "../../../policy/catalog/price-table";
import { rowsInUse, tableAge } from "../prices/age";
import { about, type Finding } from "./finding";

/** As `prices check` has it. */
const freshForDays = 30;

/** @param table absent where the region has none. */
export function judgePrices(
  region: string,
  table: PriceTable | undefined,
  instanceTypes: ReadonlySet<string>,
  now: Date,
): Finding {
  const finding = about("costs", "prices", `price table of ${region}`);
  const refresh = `npx sagemaker-ops prices refresh --region ${region}, then review and commit the difference.`;
  if (table === undefined)
    return finding.warning(
      "there is none",
      "one: without it costs are unknown, and held against no ceiling",
      refresh,
    );
  const {
    newest,
    oldestInUse = newest,
    fresh,
  } = tableAge(table, now, freshForDays, rowsInUse(instanceTypes));
  const found = `oldest price in use ${oldestInUse.ageDays} days (${oldestInUse.row}), newest ${newest.ageDays}`;
  return fresh ? finding.ok(found) : finding.warning(found, `none older than ${freshForDays} days`, refresh);
}

/** The stack's cost as it was when it was last deployed, against what the configuration allows now. */
export function judgeCost({ cost }: Contract, ceilingUsd: number, stack: string): Finding {
  const finding = about("costs", "ceiling", "worst month as deployed");
  const found = `${usd(cost.worstMonthlyUsd)} of ${usd(ceilingUsd)}`;
  const plan = `npx sagemaker-ops plan --stack ${stack} shows what costs how much; raise ceilings.monthlyUsd or take less.`;
  if (cost.worstMonthlyUsd > ceilingUsd) return finding.problem(found, `at most ${usd(ceilingUsd)}`, plan);
  return cost.unpricedCount > 0
    ? finding.warning(
        `${found}, and ${cost.unpricedCount} things without a known price`,
        "a price for each",
        plan,
      )
    : finding.ok(found);
}

function usd(amount: number): string {
  return `USD ${amount.toFixed(2)}`;
}
