import { asList, asObject, quantity, UNKNOWN } from "../../values";
import { cloudwatchRate, kmsKeyRate, networkRate, type RateOrUnpriced } from "../prices";
import type { Estimator, Item, Ledger, Settings } from "./ledger";

/** What is billed by the month or hour alone, whether it is used or not, and what is billed by use alone. */
export const flatEstimators: Readonly<Record<string, Estimator>> = {
  "aws:kms/key:Key": kmsKey,
  "aws:kms/replicaKey:ReplicaKey": kmsKey,
  "aws:ec2/eip:Eip": (item, ledger, { hoursPerMonth }) =>
    perHour(item, ledger, networkRate(item.region, "publicIpv4"), 1, hoursPerMonth, "public IPv4 address"),
  "aws:ec2/natGateway:NatGateway": (item, ledger, { hoursPerMonth }) =>
    perHour(
      item,
      ledger,
      networkRate(item.region, "natGateway"),
      1,
      hoursPerMonth,
      "NAT gateway; data is billed beside it",
    ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/dashboard:Dashboard": (item, ledger) =>
    perMonth(
      item,
      ledger,
      cloudwatchRate(item.region, "dashboard"),
      1,
      "dashboard; an account's first three are free",
    ),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (item, ledger) =>
    ledger.refuse(item, "no rate for composite alarms", "rate"),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:cloudwatch/logGroup:LogGroup": (item, ledger) =>
    ledger.note(item, "billed per GB ingested and stored; nothing while nothing is logged"),
  "aws:lambda/function:Function": (item, ledger) =>
    ledger.note(item, "billed per request and GB-second; nothing while not invoked"),
};

function kmsKey(item: Item, ledger: Ledger): void {
  perMonth(item, ledger, kmsKeyRate(item.region), 1, "key; requests are billed beside it");
}

function bucket(item: Item, ledger: Ledger): void {
  ledger.note(item, "billed per GB stored and per request; nothing while empty");
}

function vpcEndpoint(item: Item, ledger: Ledger, settings: Settings): void {
  const { vpcEndpointType, subnetIds, subnetConfigurations } = item.properties;
  if (vpcEndpointType === undefined || vpcEndpointType === "Gateway") return;
  if (vpcEndpointType !== "Interface") {
    ledger.refuse(item, "the VPC endpoint is of a type without a rate here", "rate");
    return;
  }
  const lists = [subnetIds, subnetConfigurations].filter((value) => value !== undefined);
  if (lists.includes(UNKNOWN)) ledger.unknownUntilDeployment(item, "the number of subnets");
  // Ids may be unknown in a preview while their number is not.
  const zones = Math.max(
    1,
    ...lists.filter((value) => value !== UNKNOWN).map((value) => asList(value).length),
  );
  perHour(
    item,
    ledger,
    networkRate(item.region, "interfaceEndpoint"),
    zones,
    settings.hoursPerMonth,
    "interface endpoint, per subnet; data is billed beside it",
  );
}

function alarm(item: Item, ledger: Ledger): void {
  const queries = asList(item.properties.metricQueries).map((query) => asObject(query) ?? {});
  const metrics = queries.filter((query) => query.metric !== undefined);
  const periods = [item.properties.period, ...metrics.map((query) => asObject(query.metric)?.period)].map(
    quantity,
  );
  // Periods below a minute make a high-resolution alarm (https://aws.amazon.com/cloudwatch/pricing/).
  const high = periods.some((period) => period.kind === "known" && period.value < 60);
  const rate = cloudwatchRate(item.region, high ? "highResolutionAlarm" : "standardAlarm");
  perMonth(
    item,
    ledger,
    rate,
    Math.max(1, metrics.length),
    `${high ? "high-resolution" : "standard"} alarm, per metric`,
  );
}

function perMonth(item: Item, ledger: Ledger, rate: RateOrUnpriced, count: number, what: string): void {
  const usd = ledger.rate(item, rate, what);
  if (usd === undefined) return;
  const monthly = usd * count;
  ledger.add(item, {
    hourly: 0,
    idleMonthly: monthly,
    monthly,
    worstMonthly: monthly,
    basis: `${count} × ${usd} USD a month: ${what}`,
  });
}

function perHour(
  item: Item,
  ledger: Ledger,
  rate: RateOrUnpriced,
  count: number,
  hours: number,
  what: string,
): void {
  const usd = ledger.rate(item, rate, what);
  if (usd === undefined) return;
  const monthly = usd * count * hours;
  ledger.add(item, {
    hourly: usd * count,
    idleMonthly: monthly,
    monthly,
    worstMonthly: monthly,
    basis: `${count} × ${usd} USD/h × ${hours} h: ${what}`,
  });
}
