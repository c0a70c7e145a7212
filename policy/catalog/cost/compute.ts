import { asList, asObject, type Properties, UNKNOWN } from "../../values";
import { ebsRate, isEbsRate, mlVolumeRate, networkRate } from "../prices";
import { hourPrice } from "./hours";
import { type Item, type Ledger, roundUsd, type Settings } from "./ledger";

// AWS gives a notebook 5 GB when no size is said (API_CreateNotebookInstance).
const DEFAULT_NOTEBOOK_GB = 5;

/** Stopped when nobody works, assumed hours when somebody does, round the clock at worst; the volume is billed always. */
export function estimateNotebook(item: Item, ledger: Ledger, settings: Settings): void {
  const price = hourPrice(ledger, item, "notebook", item.properties.instanceType, "the notebook");
  const sizeGb = ledger.amount(item, item.properties.volumeSize, "the volume size", {
    missing: DEFAULT_NOTEBOOK_GB,
    atLeast: DEFAULT_NOTEBOOK_GB,
  });
  const volume = sizeGb * (ledger.rate(item, mlVolumeRate(item.region, "notebook"), "the volume") ?? 0);
  const usd = price?.usd ?? 0;
  ledger.count(item, "notebook", usd, settings.hoursPerMonth);

  ledger.add(item, {
    hourly: usd,
    idleMonthly: volume,
    monthly: usd * Math.min(settings.notebookHoursPerMonth, settings.hoursPerMonth) + volume,
    worstMonthly: usd * settings.hoursPerMonth + volume,
    basis: `${price?.basis ?? "no price of the type"}, ${settings.notebookHoursPerMonth} h a month of work assumed, stopped otherwise; volume ${sizeGb} GB`,
    worstBasis: `${price?.basis ?? "no price of the type"} × ${settings.hoursPerMonth} h + ${sizeGb} GB of volume for ${roundUsd(volume)}`,
  });
}

/** An instance of one's own, on demand or spot; spot is counted at the on-demand price, which bounds it. */
export function estimateInstance(item: Item, ledger: Ledger, settings: Settings): void {
  const { tenancy, associatePublicIpAddress, launchTemplate, instanceType } = item.properties;
  if (instanceType === undefined && launchTemplate !== undefined) {
    ledger.refuse(
      item,
      "the instance type comes from a launch template, which is not looked into",
      "elsewhere",
    );
    return;
  }
  if (tenancy === UNKNOWN) ledger.unknownUntilDeployment(item, "the tenancy");
  if (tenancy === "dedicated" || tenancy === "host") {
    ledger.refuse(item, `tenancy ${tenancy} has other prices than this table`, "unpriced");
    return;
  }
  const price = hourPrice(ledger, item, "compute", instanceType, "the instance");
  if (associatePublicIpAddress === UNKNOWN)
    ledger.unknownUntilDeployment(item, "whether it has a public IPv4 address");
  const address =
    associatePublicIpAddress === true
      ? (ledger.rate(item, networkRate(item.region, "publicIpv4"), "the public IPv4 address") ?? 0)
      : 0;
  const volumes = instanceVolumes(item, ledger);
  const perHour = (price?.usd ?? 0) + address;
  ledger.count(item, "compute", price?.usd ?? 0, settings.hoursPerMonth);
  const spot =
    item.type.includes("spotInstanceRequest") ||
    asObject(item.properties.instanceMarketOptions)?.marketType === "spot";

  ledger.add(item, {
    hourly: perHour,
    idleMonthly: volumes,
    monthly: perHour * Math.min(settings.computeHoursPerMonth, settings.hoursPerMonth) + volumes,
    worstMonthly: perHour * settings.hoursPerMonth + volumes,
    basis: `${price?.basis ?? "no price of the type"}${spot ? ", spot counted at the on-demand price" : ""}${address > 0 ? `, public IPv4 ${address} USD/h` : ""}, ${settings.computeHoursPerMonth} h a month of work assumed, stopped otherwise; volumes ${volumes} USD a month`,
    worstBasis: `(${price?.basis ?? "no price of the type"}${spot ? ", spot counted at the on-demand price" : ""}${address > 0 ? ` + public IPv4 ${address}` : ""}) × ${settings.hoursPerMonth} h + volumes for ${roundUsd(volumes)}`,
  });
}

export function estimateVolume(item: Item, ledger: Ledger): void {
  const { size, type, iops, throughput } = item.properties;
  const monthly = volumeMonthly(
    item,
    ledger,
    { volumeSize: size, volumeType: type, iops, throughput },
    "the volume",
  );
  ledger.add(item, {
    hourly: 0,
    idleMonthly: monthly,
    monthly,
    worstMonthly: monthly,
    basis: "volume, billed whether attached or not",
  });
}

/** USD per month of the root volume and the others. */
export function instanceVolumes(item: Item, ledger: Ledger): number {
  const { rootBlockDevice, ebsBlockDevices } = item.properties;
  if (rootBlockDevice === UNKNOWN) ledger.unknownUntilDeployment(item, "the root volume");

  const root = volumeMonthly(item, ledger, asObject(rootBlockDevice) ?? {}, "the root volume");
  return asList(ebsBlockDevices).reduce<number>((sum, device) => {
    if (device === UNKNOWN) ledger.unknownUntilDeployment(item, "an EBS volume");
    return sum + volumeMonthly(item, ledger, asObject(device) ?? {}, "an EBS volume");
  }, root);
}

function volumeMonthly(item: Item, ledger: Ledger, device: Properties, what: string): number {
  // AWS still makes gp2 where no type is said (API_EbsBlockDevice).
  const type = ledger.text(item, device.volumeType, `${what}: the type`) ?? "gp2";
  if (device.volumeSize === undefined)
    ledger.refuse(item, `${what}: no size; it comes from the image or snapshot`, "elsewhere");
  const sizeGb = ledger.amount(item, device.volumeSize, `${what}: the size`, { missing: 0, atLeast: 0 });
  const storage = sizeGb * rate(item, ledger, type, "Storage", what);
  if (type !== "gp3" && type !== "io1") return storage;

  // gp3 includes 3000 IOPS and 125 MiB/s; io1 includes nothing.
  const included = type === "gp3" ? 3000 : 0;
  const iops = ledger.amount(item, device.iops, `${what}: IOPS`, { missing: included, atLeast: included });
  const extra =
    Math.max(0, iops - included) > 0
      ? Math.max(0, iops - included) * rate(item, ledger, type, "Iops", what)
      : 0;
  const throughput = ledger.amount(item, device.throughput, `${what}: throughput`, {
    missing: 125,
    atLeast: 125,
  });
  const faster =
    type === "gp3" && throughput > 125
      ? (throughput - 125) * rate(item, ledger, type, "Throughput", what)
      : 0;
  return storage + extra + faster;
}

function rate(item: Item, ledger: Ledger, type: string, of: string, what: string): number {
  const key = `${type}${of}`;
  if (isEbsRate(key)) return ledger.rate(item, ebsRate(item.region, key), what) ?? 0;

  ledger.refuse(item, `${what}: no rate for volumes of its type`, "rate");
  return 0;
}
