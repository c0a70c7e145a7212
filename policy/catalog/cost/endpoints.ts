import { asList, asObject, type Properties, UNKNOWN } from "../../values";
import { mlVolumeRate } from "../prices";
import { Configurations } from "./configurations";
import { hourPrice, plural } from "./hours";
import { type Item, type Ledger, roundUsd, type Settings } from "./ledger";
import { rolloutOf } from "./rollout";
import type { Scaling } from "./scaling";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";

type Ranges = Pick<Scaling, "rangeFor">;

interface Fleet {
  readonly usdPerInstanceHour: number;
  readonly expected: number;
  readonly worst: number;
}

/** Endpoints with their configurations. A configuration that no endpoint uses costs nothing and gets no line. */
export function estimateEndpoints(
  items: readonly Item[],
  ledger: Ledger,
  scaling: Scaling,
  settings: Settings,
): void {
  const configurations = new Configurations(items.filter((item) => item.type === CONFIGURATION));
  for (const endpoint of items.filter((item) => item.type === ENDPOINT)) {
    const configuration = configurations.of(endpoint);
    if (configuration === undefined) {
      reportUnjoined(endpoint, ledger);
      continue;
    }
    const fleets = allVariants(ledger, configuration, endpoint).flatMap(
      (variant, index) => estimateVariant(variant, index, endpoint, ledger, scaling, settings) ?? [],
    );
    estimateRollout(endpoint, fleets, ledger);
  }
}

/**
 * A configuration by itself, as one endpoint on it would cost with its initial counts, shadow variants included. Not part of a stack's
 * estimate: there the endpoints are counted.
 */
export function estimateConfiguration(item: Item, ledger: Ledger, settings: Settings): void {
  if (item.properties.productionVariants === undefined || item.properties.productionVariants === null)
    ledger.refuse(item, "no production variants are given", "unusable");
  const fixed = { rangeFor: () => undefined };
  allVariants(ledger, item, item).forEach((variant, index) => {
    const { managedInstanceScaling, ...initial } = variant;
    estimateVariant(initial, index, item, ledger, fixed, settings);
  });
}

function reportUnjoined(endpoint: Item, ledger: Ledger): void {
  if (endpoint.properties.endpointConfigName === UNKNOWN) {
    ledger.unknownUntilDeployment(endpoint, "which configuration it uses");
  } else {
    ledger.refuse(
      endpoint,
      "its endpoint configuration is not in this stack, so its instances are unknown here",
      "elsewhere",
    );
  }
}

/** The variants of a configuration that can be read. Gaps are told of `about`: the endpoint, so that each on a shared configuration has its own. */
export function allVariants(ledger: Ledger, configuration: Item, about: Item): readonly Properties[] {
  const { productionVariants, shadowProductionVariants } = configuration.properties;
  return [
    ...variants(ledger, about, productionVariants, "production variants"),
    ...variants(ledger, about, shadowProductionVariants, "shadow variants"),
  ];
}

function variants(ledger: Ledger, about: Item, value: unknown, what: string): readonly Properties[] {
  if (value === UNKNOWN) ledger.unknownUntilDeployment(about, what);
  if (value === UNKNOWN || value === undefined || value === null) return [];

  return asList(value).flatMap((entry): Properties | readonly Properties[] => {
    if (entry === UNKNOWN) ledger.unknownUntilDeployment(about, `one of the ${what}`);
    const variant = asObject(entry);
    if (variant === undefined && entry !== UNKNOWN)
      ledger.refuse(about, `${what}: one is no variant`, "unusable");
    return variant ?? [];
  });
}

function estimateVariant(
  variant: Properties,
  index: number,
  endpoint: Item,
  ledger: Ledger,
  scaling: Ranges,
  settings: Settings,
): Fleet | undefined {
  const variantName = typeof variant.variantName === "string" ? variant.variantName : `variant-${index + 1}`;
  if (variant.serverlessConfig === UNKNOWN) {
    ledger.unknownUntilDeployment(endpoint, `variant ${variantName}: its serverless configuration`);
    return undefined;
  }
  const serverless = asObject(variant.serverlessConfig);
  if (serverless !== undefined) {
    estimateServerless(serverless, variantName, endpoint, ledger, scaling);
    return undefined;
  }
  const price = hourPrice(ledger, endpoint, "hosting", variant.instanceType, `variant ${variantName}`);
  const counts = countsOf(variant, variantName, endpoint, ledger, scaling);
  if (price === undefined) return undefined;

  const volume = volumeMonthly(variant, variantName, endpoint, ledger);
  const perMonth = price.usd * settings.hoursPerMonth + volume;
  ledger.count(endpoint, "hosting", price.usd, counts.worst * settings.hoursPerMonth);
  ledger.add(endpoint, {
    component: `${endpoint.name}/${variantName}`,
    hourly: price.usd * counts.expected,
    idleMonthly: perMonth * counts.idle,
    monthly: perMonth * counts.expected,
    worstMonthly: perMonth * counts.worst,
    basis: `${plural(counts.expected, "instance")} (idle ${counts.idle}, at most ${counts.worst}) × ${price.basis} × ${settings.hoursPerMonth} h${volume > 0 ? ", with volumes" : ""}`,
    worstBasis: `${plural(counts.worst, "instance")} × (${price.basis} × ${settings.hoursPerMonth} h${volume > 0 ? ` + ${roundUsd(volume)} of volume` : ""})`,
  });
  return { usdPerInstanceHour: price.usd, expected: counts.expected, worst: counts.worst };
}

function countsOf(variant: Properties, variantName: string, endpoint: Item, ledger: Ledger, scaling: Ranges) {
  if (variant.managedInstanceScaling === UNKNOWN)
    ledger.unknownUntilDeployment(endpoint, `variant ${variantName}: its managed scaling`);
  const managed = asObject(variant.managedInstanceScaling);
  const active = managed !== undefined && managed.status !== "DISABLED" ? managed : {};
  const what = `variant ${variantName}`;
  const managedMin = ledger.amount(endpoint, active.minInstanceCount, `${what}: the managed minimum`, {
    missing: 0,
    atLeast: 0,
  });
  const managedMax = ledger.amount(endpoint, active.maxInstanceCount, `${what}: the managed maximum`, {
    missing: 0,
    atLeast: 0,
  });
  const initial = ledger.amount(endpoint, variant.initialInstanceCount, `${what}: the instance count`, {
    missing: 1,
    atLeast: 1,
  });
  const range = scaling.rangeFor({
    namespace: "sagemaker",
    dimension: "sagemaker:variant:DesiredInstanceCount",
    resourceId: resourceId(endpoint, variantName),
    owner: endpoint,
  });
  const min = Math.max(managedMin, range?.min === Number.POSITIVE_INFINITY ? 0 : (range?.min ?? 0));
  const expected = Math.max(initial, min);
  const scales = range !== undefined || active.minInstanceCount !== undefined;

  return { idle: scales ? min : initial, expected, worst: Math.max(expected, managedMax, range?.max ?? 0) };
}

function resourceId(endpoint: Item, variantName: string): string | undefined {
  const name = endpoint.properties.name;
  return typeof name === "string" ? `endpoint/${name}/variant/${variantName}` : undefined;
}

function volumeMonthly(variant: Properties, variantName: string, endpoint: Item, ledger: Ledger): number {
  const what = `variant ${variantName}: the volume`;
  const sizeGb = ledger.amount(endpoint, variant.volumeSizeInGb, what, { missing: 0, atLeast: 0 });
  if (sizeGb === 0) return 0;
  return sizeGb * (ledger.rate(endpoint, mlVolumeRate(endpoint.region, "endpoint"), what) ?? 0);
}

function estimateServerless(
  serverless: Properties,
  variantName: string,
  endpoint: Item,
  ledger: Ledger,
  scaling: Ranges,
): void {
  const what = `variant ${variantName}`;
  const units = ledger.amount(
    endpoint,
    serverless.provisionedConcurrency,
    `${what}: provisioned concurrency`,
    {
      missing: 0,
      atLeast: 0,
    },
  );
  const range = scaling.rangeFor({
    namespace: "sagemaker",
    dimension: "sagemaker:variant:DesiredProvisionedConcurrency",
    resourceId: resourceId(endpoint, variantName),
    owner: endpoint,
  });
  const most = Math.max(units, range?.max ?? 0);
  ledger.refuse(
    endpoint,
    most > 0
      ? `${what}: no rate for provisioned concurrency of serverless inference (${units} units, at most ${most})`
      : `${what}: serverless inference is billed by use, at a rate this table has not; nothing while idle`,
    most > 0 ? "rate" : "by-use",
  );
}

// One deployment a month is assumed, at the expected and, for the worst case, at the largest size of the fleet.
function estimateRollout(endpoint: Item, fleets: readonly Fleet[], ledger: Ledger): void {
  if (fleets.length === 0) return;
  const rollout = rolloutOf(ledger, endpoint);
  const hours = rollout.seconds / 3600;
  for (const fleet of fleets) {
    ledger.count(endpoint, "hosting", fleet.usdPerInstanceHour, rollout.extra(fleet.worst) * hours);
  }
  const cost = (size: (fleet: Fleet) => number) =>
    fleets.reduce((sum, fleet) => sum + rollout.extra(size(fleet)) * fleet.usdPerInstanceHour * hours, 0);

  ledger.add(endpoint, {
    component: `${endpoint.name}/rollout`,
    hourly: 0,
    idleMonthly: 0,
    monthly: cost((fleet) => fleet.expected),
    worstMonthly: cost((fleet) => fleet.worst),
    basis: `one deployment a month; ${rollout.basis}`,
    worstBasis: `${fleets.map((fleet) => `${rollout.extra(fleet.worst)} × ${fleet.usdPerInstanceHour} USD/h`).join(" + ")} beside the fleet for ${rollout.seconds} s; ${rollout.basis}`,
  });
}
