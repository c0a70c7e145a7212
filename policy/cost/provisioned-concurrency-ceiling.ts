import { provisionedAtLeast } from "../catalog/estimate";
import { resourceCeiling } from "./resource-ceiling";

/**
 * The hard gate: it runs before the environments exist, and knows their number but not the function's memory. The full amount is judged by
 * `cost-provisioned-concurrency-max-ceiling`.
 */
export const provisionedConcurrencyCeiling = resourceCeiling({
  id: "cost-provisioned-concurrency-ceiling",
  title: "Provisioned concurrency within its monthly ceiling",
  sentence:
    "No provisioned concurrency costs more per month than its ceiling, even with the smallest memory a function can have.",
  remediation: "Keep fewer environments ready, or raise the ceiling of the environment.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
  types: ["aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"],
  setting: "monthlyUsd",
  defaultUsd: 250,
  description: "USD per month of the environments that one function keeps ready, at the smallest memory.",
  subject: "This provisioned concurrency",
  per: "a month at the smallest memory",
  lever: "keep fewer environments ready",
  refusesMissingRates: true,
  parts: provisionedAtLeast,
});
