import type { Product } from "./price-list";
import type { PriceFilter, PriceQuery } from "./queries";

/**
 * How the Price List names what the rates of a table are about. The usage type carries a prefix of the region
 * (`EU-EBS:VolumeUsage.gp3`, `us-east-1-KMS-Keys`, none in part of us-east-1), so its end is what is compared.
 * Usage types: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html and the filters that
 * github.com/infracost/infracost has in internal/resources/aws (ebs_volume, kms_key, nat_gateway, vpc_endpoint, …).
 */
interface RateSpec {
  readonly serviceCode: string;
  readonly usageType: string;
  /** Words of the price's description, where one usage type serves for several prices. */
  readonly description?: RegExp;
  readonly unit: RegExp;
  readonly tableUnit: string;
  /** @default "only" */
  readonly tier?: "first";
  /** @default 1 */
  readonly perUnit?: number;
  /** Quoted once for all regions, without a regionCode. @default false */
  readonly global?: boolean;
}

const gbMonth = { unit: /^gb-mo(?:nth)?$/i, tableUnit: "USD/GB-month" } as const;
const iopsMonth = { unit: /^iops-mo(?:nth)?$/i, tableUnit: "USD/IOPS-month" } as const;
const hour = { unit: /^(?:hrs?|hours?)$/i, tableUnit: "USD/hour" } as const;
const thousandRequests = {
  unit: /^requests?$/i,
  tableUnit: "USD/1000 requests",
  perUnit: 1000,
  tier: "first",
} as const;
// Lambda's list has used each of these for GB-seconds.
const gbSecond = {
  unit: /^(?:lambda-)?(?:gb-)?seconds?$/i,
  tableUnit: "USD/GB-second",
  tier: "first",
} as const;

const specs: Readonly<Record<string, RateSpec>> = {
  "sagemakerMlStorage/endpoint": mlStorage("Host", /of Endpoint ML storage/),
  "sagemakerMlStorage/notebook": mlStorage("Notebk", /of Notebook Instance ML storage/),
  "sagemakerMlStorage/processing": mlStorage("Processing", /of Processing ML storage/),
  "sagemakerMlStorage/training": mlStorage("Train", /of Training Job ML storage/),

  "ebs/gp2Storage": ebs("EBS:VolumeUsage.gp2"),
  "ebs/gp3Iops": { ...ebs("EBS:VolumeP-IOPS.gp3"), ...iopsMonth },
  "ebs/gp3Storage": ebs("EBS:VolumeUsage.gp3"),
  "ebs/gp3Throughput": {
    ...ebs("EBS:VolumeP-Throughput.gp3"),
    unit: /^gibps-mo(?:nth)?$/i,
    tableUnit: "USD/MiBps-month",
    perUnit: 1 / 1024,
  },
  "ebs/io1Iops": { ...ebs("EBS:VolumeP-IOPS.piops"), ...iopsMonth },
  "ebs/io1Storage": ebs("EBS:VolumeUsage.piops"),
  "ebs/sc1Storage": ebs("EBS:VolumeUsage.sc1"),
  "ebs/snapshotStorage": ebs("EBS:SnapshotUsage"),
  "ebs/st1Storage": ebs("EBS:VolumeUsage.st1"),
  "ebs/standardStorage": ebs("EBS:VolumeUsage"),

  "s3/standardGet": { serviceCode: "AmazonS3", usageType: "Requests-Tier2", ...thousandRequests },
  "s3/standardPut": { serviceCode: "AmazonS3", usageType: "Requests-Tier1", ...thousandRequests },
  "s3/standardStorage": {
    serviceCode: "AmazonS3",
    usageType: "TimedStorage-ByteHrs",
    ...gbMonth,
    tier: "first",
  },

  "lambda/durationArm": lambda("Lambda-GB-Second-ARM"),
  "lambda/durationX86": lambda("Lambda-GB-Second"),
  "lambda/ephemeralStorage": lambda("Lambda-Storage-GB-Second"),
  "lambda/provisionedConcurrencyArm": lambda("Lambda-Provisioned-Concurrency-ARM"),
  "lambda/provisionedConcurrencyX86": lambda("Lambda-Provisioned-Concurrency"),
  "lambda/provisionedDurationArm": lambda("Lambda-Provisioned-GB-Second-ARM"),
  "lambda/provisionedDurationX86": lambda("Lambda-Provisioned-GB-Second"),
  "lambda/requests": {
    serviceCode: "AWSLambda",
    usageType: "Request",
    ...thousandRequests,
    tableUnit: "USD/million requests",
    perUnit: 1_000_000,
  },

  "network/interfaceEndpoint": { serviceCode: "AmazonVPC", usageType: "VpcEndpoint-Hours", ...hour },
  "network/natGateway": { serviceCode: "AmazonEC2", usageType: "NatGateway-Hours", ...hour },
  "network/publicIpv4": { serviceCode: "AmazonVPC", usageType: "PublicIPv4:InUseAddress", ...hour },

  "kms/key": {
    serviceCode: "awskms",
    usageType: "KMS-Keys",
    unit: /^(?:keys?|months?)$/i,
    tableUnit: "USD/key-month",
  },

  "cloudwatch/dashboard": {
    serviceCode: "AmazonCloudWatch",
    usageType: "DashboardsUsageHour",
    unit: /^dashboards?$/i,
    tableUnit: "USD/dashboard-month",
    tier: "first",
    global: true,
  },
  "cloudwatch/highResolutionAlarm": alarm("CW:HighResAlarmMonitorUsage"),
  "cloudwatch/standardAlarm": alarm("CW:AlarmMonitorUsage"),
};

/** `USE1-`, `EU-`, or KMS's `us-east-1-`; no more, or `Lambda-Edge-Request` would pass for a `Request`. */
const regionPrefix = "(?:[A-Z]{2,4}\\d?-|[a-z]{2,4}(?:-[a-z]+)+-\\d-)?";

/** One question per rate: small answers, and a failure names the rate it is about. */
export function rateQueries(region: string): readonly PriceQuery[] {
  return Object.entries(specs).map(([row, spec]) => {
    const usageType = new RegExp(`^${regionPrefix}${escaped(spec.usageType)}$`);
    return {
      name: row,
      section: row.slice(0, row.indexOf("/")),
      serviceCode: spec.serviceCode,
      filters: [...place(region, spec), { Type: "CONTAINS", Field: "usagetype", Value: spec.usageType }],
      rowOf: (product) => (matches(product, usageType, spec.description) ? row : undefined),
      owns: (other) => other === row,
      unit: spec.unit,
      tier: spec.tier ?? "only",
      perUnit: spec.perUnit ?? 1,
      tableUnit: spec.tableUnit,
    };
  });
}

function place(region: string, { global }: RateSpec): PriceFilter[] {
  return global === true ? [] : [{ Type: "TERM_MATCH", Field: "regionCode", Value: region }];
}

function matches({ attributes, dimensions }: Product, usageType: RegExp, description?: RegExp): boolean {
  return (
    usageType.test(attributes.usagetype ?? "") &&
    (description === undefined || dimensions.some((dimension) => description.test(dimension.description)))
  );
}

function escaped(usageType: string): string {
  return usageType.replace(/[.]/g, "\\.");
}

/** A bill names these volumes by their description, beside debugger, warm pool and studio volumes of like usage types. */
function mlStorage(word: string, description: RegExp): RateSpec {
  return {
    serviceCode: "AmazonSageMaker",
    usageType: `${word}:VolumeUsage.gp2`,
    description,
    ...gbMonth,
  };
}

function ebs(usageType: string): RateSpec {
  return { serviceCode: "AmazonEC2", usageType, ...gbMonth };
}

function lambda(usageType: string): RateSpec {
  return { serviceCode: "AWSLambda", usageType, ...gbSecond };
}

function alarm(usageType: string): RateSpec {
  return {
    serviceCode: "AmazonCloudWatch",
    usageType,
    unit: /^alarms?$/i,
    tableUnit: "USD/alarm-metric-month",
    tier: "first",
  };
}
