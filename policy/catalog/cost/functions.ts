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
  const functions = new Functions(items.filter(({ type }) => type === FUNCTION));
  for (const item of items.filter(({ type }) => type === CONFIG)) {
    const { functionName, qualifier, provisionedConcurrentExecutions } = item.properties;
    const units = ledger.amount(item, provisionedConcurrentExecutions, "the number of environments", {
      missing: 0,
      atLeast: 1,
    });
    const owner = functions.of(item);
    if (owner === undefined) {
      reportUnjoined(item, functionName, ledger);
      continue;
    }
    const memoryMiB = ledger.amount(item, owner.properties.memorySize, "the function's memory", {
      missing: DEFAULT_MEMORY_MIB,
      atLeast: DEFAULT_MEMORY_MIB,
    });
    const architecture = architectureOf(item, owner, ledger);
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
      worstBasis: `${plural(most, "environment")} × ${memoryMiB} MiB × ${rate} USD per GB-second (${architecture}) × ${settings.hoursPerMonth} h`,
    });
  }
}

/**
 * One provisioned concurrency by itself: as many environments as it asks for, each of the smallest memory on the cheaper architecture, since
 * the function says those. A lower bound, and not part of a stack's estimate.
 */
export function estimateProvisionedAtLeast(item: Item, ledger: Ledger, settings: Settings): void {
  const units = ledger.amount(
    item,
    item.properties.provisionedConcurrentExecutions,
    "the number of environments",
    { missing: 0, atLeast: 1 },
  );
  const rate = ledger.rate(item, provisionedConcurrencyRate(item.region, "arm64"), "provisioned concurrency");
  if (rate === undefined) return;

  const unitHour = (DEFAULT_MEMORY_MIB / 1024) * 3600 * rate;
  const monthly = unitHour * units * settings.hoursPerMonth;
  ledger.add(item, {
    hourly: unitHour * units,
    idleMonthly: monthly,
    monthly,
    worstMonthly: monthly,
    basis: `${plural(units, "environment")} × ${DEFAULT_MEMORY_MIB} MiB, the smallest memory, × ${rate} USD per GB-second × ${settings.hoursPerMonth} h`,
  });
}

/** Finds the function of a provisioned concurrency. */
class Functions {
  private readonly byName = new Map<unknown, Item>();
  private readonly byUrn = new Map<string, Item>();
  private readonly nameless = new Map<string | undefined, Item[]>();

  constructor(items: readonly Item[]) {
    for (const item of items) {
      const { name, arn } = item.properties;
      this.byUrn.set(item.urn, item);
      if (typeof arn === "string") this.byName.set(arn, item);
      if (typeof name === "string") this.byName.set(name, item);
      else this.nameless.set(item.parent, [...(this.nameless.get(item.parent) ?? []), item]);
    }
  }

  of(item: Item): Item | undefined {
    const wanted = item.properties.functionName;
    if (typeof wanted === "string" && this.byName.has(wanted)) return this.byName.get(wanted);

    const referred = (item.references.functionName ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []);
    if (referred.length === 1) return referred[0];
    if (typeof wanted === "string") return undefined;
    // In a preview an auto-named function has no name yet; the only one beside the configuration is meant.
    const beside = this.nameless.get(item.parent) ?? [];
    return beside.length === 1 ? beside[0] : undefined;
  }
}

function architectureOf(item: Item, owner: Item, ledger: Ledger): "arm64" | "x86_64" {
  const given = asList(owner.properties.architectures);
  if (!given.includes(UNKNOWN)) return given.includes("arm64") ? "arm64" : "x86_64";
  // The cheaper one, so that the amount is a lower bound.
  ledger.unknownUntilDeployment(item, "the function's architecture");
  return "arm64";
}

function reportUnjoined(item: Item, functionName: unknown, ledger: Ledger): void {
  if (functionName === UNKNOWN) ledger.unknownUntilDeployment(item, "which function it belongs to");
  else ledger.refuse(item, "its function is not in this stack, so its memory is unknown here", "elsewhere");
}
