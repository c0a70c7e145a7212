import { asList, UNKNOWN } from "../../values";
import { provisionedConcurrencyRate } from "../prices";
import { plural } from "./hours";
import type { Item, Ledger, Settings } from "./ledger";
import type { Scaling } from "./scaling";

const CONFIG = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const FUNCTION = "aws:lambda/function:Function";

// Lambda's own default (API_CreateFunction).
const DEFAULT_MEMORY_MIB = 128;

/** Provisioned concurrency: billed while kept ready, joined to its function for memory and architecture. */
export function estimateProvisionedConcurrency(
  items: readonly Item[],
  ledger: Ledger,
  scaling: Scaling,
  settings: Settings,
): void {
  for (const item of items.filter(({ type }) => type === CONFIG)) {
    const { functionName, qualifier, provisionedConcurrentExecutions } = item.properties;
    const units = ledger.amount(item, provisionedConcurrentExecutions, "the number of environments", {
      missing: 0,
      atLeast: 1,
    });
    const owner = functionOf(item, functionName, items);
    if (owner === undefined) {
      reportUnjoined(item, functionName, ledger);
      continue;
    }
    const memoryMiB = ledger.amount(item, owner.properties.memorySize, "the function's memory", {
      missing: DEFAULT_MEMORY_MIB,
      atLeast: DEFAULT_MEMORY_MIB,
    });
    const architecture = asList(owner.properties.architectures).includes("arm64") ? "arm64" : "x86_64";
    const rate = ledger.rate(
      item,
      provisionedConcurrencyRate(item.region, architecture),
      "provisioned concurrency",
    );
    const name = owner.properties.name;
    const range = scaling.rangeFor({
      namespace: "lambda",
      dimension: "lambda:function:ProvisionedConcurrency",
      resourceId:
        typeof name === "string" && typeof qualifier === "string"
          ? `function:${name}:${qualifier}`
          : undefined,
      owner: item,
    });
    if (rate === undefined) continue;

    const min = range === undefined || range.min === Number.POSITIVE_INFINITY ? units : range.min;
    const expected = Math.max(units, min);
    const most = Math.max(expected, range?.max ?? 0);
    const unitHour = (memoryMiB / 1024) * 3600 * rate;
    ledger.add(item, {
      hourly: unitHour * expected,
      idleMonthly: unitHour * min * settings.hoursPerMonth,
      monthly: unitHour * expected * settings.hoursPerMonth,
      worstMonthly: unitHour * most * settings.hoursPerMonth,
      basis: `${plural(expected, "environment")} (idle ${min}, at most ${most}) × ${memoryMiB} MiB × ${rate} USD per GB-second (${architecture}) × ${settings.hoursPerMonth} h; requests are billed beside it`,
    });
  }
}

function functionOf(item: Item, wanted: unknown, items: readonly Item[]): Item | undefined {
  const functions = items.filter(({ type }) => type === FUNCTION);
  if (typeof wanted === "string") {
    return functions.find(({ properties }) => properties.name === wanted || properties.arn === wanted);
  }
  // In a preview an auto-named function has no name yet; the only one beside the configuration is meant.
  const near = functions.filter(
    ({ parent, properties }) => parent === item.parent && typeof properties.name !== "string",
  );
  return near.length === 1 ? near[0] : undefined;
}

function reportUnjoined(item: Item, functionName: unknown, ledger: Ledger): void {
  if (functionName === UNKNOWN) ledger.unknownUntilDeployment(item, "which function it belongs to");
  else ledger.refuse(item, "its function is not in this stack, so its memory is unknown here");
}
