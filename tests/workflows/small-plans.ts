import type { PlanDocument } from "../../plan/plan-schema";

const urn = (type: string, name: string) => `urn:pulumi:dev::sagemaker-ops::${type}::${name}`;

/** A plan of one bucket and one endpoint that waits for its model. */
export const smallPlan: PlanDocument = {
  stack: "dev",
  resources: [
    {
      urn: urn("aws:s3/bucket:Bucket", "data"),
      type: "aws:s3/bucket:Bucket",
      name: "data",
      parent: null,
      inputs: {},
      dependencies: [],
      options: {},
      due: true,
    },
    {
      urn: urn("aws:sagemaker/endpoint:Endpoint", "single"),
      type: "aws:sagemaker/endpoint:Endpoint",
      name: "single",
      parent: null,
      inputs: {},
      dependencies: [],
      options: {},
      due: false,
    },
  ],
  policies: [
    {
      policy: "storage-bucket-settings",
      level: "advisory",
      severity: "medium",
      urn: urn("aws:s3/bucket:Bucket", "data"),
      message: "This bucket has no access log.",
    },
  ],
  cost: {
    currency: "USD",
    region: "us-east-1",
    pricesAsOf: "2026-09-28",
    lines: [
      {
        urn: urn("aws:s3/bucket:Bucket", "data"),
        component: "data",
        hourly: 0,
        monthly: 1.5,
        worstMonthly: 2,
        basis: "",
      },
      {
        urn: urn("aws:sagemaker/endpoint:Endpoint", "single"),
        component: "single/AllTraffic",
        hourly: 0.115,
        monthly: 83.95,
        worstMonthly: 167.9,
        basis: "",
      },
    ],
    monthly: 85.45,
    worstMonthly: 169.9,
    ceilings: { monthlyUsd: 1000 },
  },
  permissions: [],
  outputs: {},
};

/** The same, forbidden by one mandatory policy. */
export const violatingPlan: PlanDocument = {
  ...smallPlan,
  policies: [
    {
      policy: "cost-instance-ceiling",
      level: "mandatory",
      severity: "high",
      urn: urn("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "single-config"),
      message: "ml.g4dn.xlarge costs 0.736 USD an hour; the ceiling is 0.12.",
    },
  ],
};

/** What nobody may be able to word: commands of a shell and of a runner, markup, a mention, writing that is turned. */
export const hostileText = [
  "$(touch pwned)",
  "`touch pwned`",
  "; touch pwned #",
  "| ![x](https://evil.example/x.png) </details><script>",
  "@octocat",
  "\u202egpj.exe",
  "\u001b[31mred",
].join(" ");
