import { joinedCeiling } from "./joined-ceiling";

/** Each provisioned concurrency with the memory of its function and the largest number that autoscaling allows. */
export const provisionedConcurrencyMaxCeiling = joinedCeiling({
  id: "cost-provisioned-concurrency-max-ceiling",
  title: "Provisioned concurrency at its largest within its monthly ceiling",
  sentence: "No provisioned concurrency can cost more per month than its ceiling, however far it scales out.",
  severity: "medium",
  remediation:
    "Keep fewer environments ready, lower the maximum of their scaling or the function's memory, or raise the ceiling of the environment.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
  owner: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  others: ["aws:lambda/function:Function"],
  scaling: { namespace: "lambda", dimension: "lambda:function:" },
  defaultUsd: 250,
  description: "USD per month of the environments that one function keeps ready at most.",
  subject: "This provisioned concurrency",
  lever: "keep fewer environments ready",
});
