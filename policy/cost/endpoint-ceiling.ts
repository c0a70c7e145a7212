import { configurationCost } from "../catalog/estimate";
import { resourceCeiling } from "./resource-ceiling";

/**
 * The hard gate: it runs before the configuration exists, and knows the initial counts only. What scaling may add is judged by
 * `cost-scaling-max-set` and `cost-endpoint-max-ceiling`.
 */
export const endpointCeiling = resourceCeiling({
  id: "cost-endpoint-ceiling",
  title: "Endpoints within their monthly ceiling",
  sentence:
    "No endpoint configuration costs more per month than its ceiling, with the initial counts of all its variants.",
  remediation:
    "Lower initialInstanceCount, take cheaper instances, drop shadow variants, or raise the ceiling of the environment.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
  types: ["aws:sagemaker/endpointConfiguration:EndpointConfiguration"],
  setting: "monthlyUsd",
  defaultUsd: 1000,
  description:
    "USD per month of one endpoint on the configuration, at its initial counts, shadow variants included.",
  subject: "An endpoint on this configuration",
  per: "a month",
  lever: "lower the initial counts",
  refusesMissingRates: true,
  parts: configurationCost,
});
