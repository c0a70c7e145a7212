import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  type MetricInfo,
  paginateListAWSDefaultServiceQuotas,
  paginateListServiceQuotas,
  type ServiceQuota,
} from "@aws-sdk/client-service-quotas";
import { asked } from "../aws/errors";
import type { DoctorClients } from "./clients";
import type { Quota } from "./quotas";

/** A quota, and the metric of what is in use where the service has one. */
export interface ListedQuota extends Quota {
  readonly metric: MetricInfo | undefined;
}

/**
 * The account's quotas of a service that are asked for. One that Service Quotas has no value of the account's own for is looked
 * up among AWS's defaults.
 *
 * @param wanted tells the quotas by name or code.
 */
export async function askQuotas(
  { quotas: client }: Pick<DoctorClients, "quotas">,
  serviceCode: string,
  wanted: readonly ((quota: { readonly name: string; readonly code: string }) => boolean)[],
): Promise<readonly ListedQuota[]> {
  const input = { ServiceCode: serviceCode };
  const applied = await listed("servicequotas:ListServiceQuotas", () =>
    paginateListServiceQuotas({ client, pageSize: 100 }, input),
  );
  if (wanted.every((is) => applied.some(is))) return applied;
  const defaults = await listed("servicequotas:ListAWSDefaultServiceQuotas", () =>
    paginateListAWSDefaultServiceQuotas({ client, pageSize: 100 }, input),
  );
  return [...applied, ...defaults.map((quota) => ({ ...quota, isDefault: true }))];
}

function listed(
  action: string,
  paginate: () => AsyncIterable<{ readonly Quotas?: ServiceQuota[] | undefined }>,
): Promise<readonly ListedQuota[]> {
  return asked(action, async () => {
    const all: ListedQuota[] = [];
    for await (const { Quotas = [] } of paginate()) all.push(...Quotas.map(quotaOf));
    return all;
  });
}

function quotaOf({
  ServiceCode,
  QuotaCode,
  QuotaName,
  Value,
  Adjustable,
  UsageMetric,
}: ServiceQuota): ListedQuota {
  return {
    serviceCode: ServiceCode ?? "",
    code: QuotaCode ?? "",
    name: QuotaName ?? "",
    value: Value ?? 0,
    adjustable: Adjustable === true,
    isDefault: false,
    metric: UsageMetric,
  };
}

/** Metrics of use come every few minutes, and late. */
const lookBackMinutes = 60;

/** What the account uses of a quota, the newest number within the hour; absent where no metric tells. */
export async function askUsage(
  { cloudwatch }: Pick<DoctorClients, "cloudwatch">,
  { metric, name }: ListedQuota,
): Promise<number | undefined> {
  if (metric?.MetricName === undefined || metric.MetricNamespace === undefined) return undefined;
  const statistic = metric.MetricStatisticRecommendation === "Sum" ? "Sum" : "Maximum";
  const now = Date.now();
  const { Datapoints = [] } = await asked(
    "cloudwatch:GetMetricStatistics",
    () =>
      cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: metric.MetricNamespace,
          MetricName: metric.MetricName,
          Dimensions: Object.entries(metric.MetricDimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(now - lookBackMinutes * 60_000),
          EndTime: new Date(now),
          Period: 300,
          Statistics: [statistic],
        }),
      ),
    name,
  );
  const newest = Datapoints.toSorted((a, b) => time(b.Timestamp) - time(a.Timestamp))[0];
  return newest?.[statistic];
}

function time(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}
