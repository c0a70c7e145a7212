import { provisionedConcurrencyCeiling } from "../../../policy/cost/provisioned-concurrency-ceiling";
import { describeRule } from "../../support/rule-cases";

const type = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const props = { functionName: "invoke", qualifier: "live", provisionedConcurrentExecutions: 10 };

// 10 × 0.125 GB × 3600 × 730 × 0.0000033334 = 10.950219
describeRule(provisionedConcurrencyCeiling, {
  pass: [
    { title: "environments exactly at their ceiling", type, props, settings: { monthlyUsd: 10.950219 } },
  ],
  violate: [
    {
      title: "environments a cent above their ceiling, with their arithmetic",
      type,
      props,
      settings: { monthlyUsd: 10.94 },
      says: /costs up to 10\.95 USD a month at the smallest memory; .* = 0\.01 too much\. Counted: subject 10\.950219 = 10 environments × 128 MiB, the smallest memory, × 0\.0000033334 USD per GB-second × 730 h\. Keep fewer environments ready, or change/,
    },
    {
      title: "a number of environments that is none",
      type,
      props: { ...props, provisionedConcurrentExecutions: -1 },
      says: /the number of environments is not a number of zero or more/,
    },
    {
      title: "environments in a region without a rate",
      type,
      props: { ...props, region: "zz-nowhere-1" },
      says: /no price table for region zz-nowhere-1/,
    },
  ],
  decidedWithout: ["functionName", "qualifier"],
});
