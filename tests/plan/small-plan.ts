import type { Grant } from "../../plan/permissions";
import type { CostLine, Plan, PlannedResource } from "../../plan/plan";

const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

interface Wanted {
  readonly type: string;
  readonly name: string;
  readonly due?: boolean;
  readonly holds?: readonly Wanted[];
}

const bucket = "aws:s3/bucket:Bucket";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Two alike sites, two components of one name, a role in a nested component, one resource outside components. */
const wanted: readonly Wanted[] = [
  ...["left", "right"].map((name) => site(name)),
  {
    type: "acme:web:Gate",
    name: "front",
    holds: [{ type: "aws:lambda/function:Function", name: "front-function" }],
  },
  {
    type: "acme:web:Watch",
    name: "front",
    holds: [
      { type: alarm, name: "front-errors" },
      { type: alarm, name: "front-latency", due: false },
    ],
  },
  {
    type: "acme:work:TuningJob",
    name: "search",
    due: false,
    holds: [
      {
        type: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
        name: "shop-dev-searc-0bcadafe",
        due: false,
      },
    ],
  },
  { type: "aws:ssm/parameter:Parameter", name: "flag" },
];

function site(name: string): Wanted {
  return {
    type: "acme:web:Site",
    name,
    due: false,
    holds: [
      {
        type: "acme:iam:ServiceRole",
        name: `${name}-role`,
        due: false,
        holds: [{ type: "aws:iam/role:Role", name: `${name}-role`, due: false }],
      },
      { type: bucket, name: `${name}-files`, due: false },
      { type: "aws:s3/bucketPolicy:BucketPolicy", name: `${name}-files-policy`, due: false },
      { type: "aws:s3/bucketVersioning:BucketVersioning", name: `${name}-files-versioning`, due: false },
    ],
  };
}

function planned(items: readonly Wanted[], parent: string, types: string): PlannedResource[] {
  return items.flatMap(({ type, name, due = true, holds }) => {
    const urn = `urn:pulumi:dev::shop::${types}${type}::${name}`;
    const resource: PlannedResource = {
      urn,
      type,
      name,
      parent,
      custom: holds === undefined,
      inputs: {},
      dependencies: [],
      options: {},
      due,
    };
    return [resource, ...planned(holds ?? [], urn, `${types}${type}$`)];
  });
}

const resources: PlannedResource[] = [
  {
    urn: stackUrn,
    type: "pulumi:pulumi:Stack",
    name: "shop-dev",
    parent: undefined,
    custom: false,
    inputs: {},
    dependencies: [],
    options: {},
    due: true,
  },
  ...planned(wanted, stackUrn, ""),
];

function urnOf(name: string, type: string): string {
  return resources.find((resource) => resource.name === name && resource.type === type)?.urn ?? name;
}

function costLine(
  urn: string,
  component: string,
  [hourly, idle, monthly, worst]: number[],
  basis: string,
): CostLine {
  return {
    urn,
    component,
    hourly: hourly ?? 0,
    idleMonthly: idle ?? 0,
    monthly: monthly ?? 0,
    worstMonthly: worst ?? 0,
    basis,
  };
}

const search = urnOf(
  "shop-dev-searc-0bcadafe",
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
);

function grant(actions: string[], where: string[], conditions?: Grant["conditions"]): Grant {
  return {
    effect: "Allow",
    actions,
    resources: where,
    ...(conditions === undefined ? {} : { conditions }),
    source: stackUrn,
  };
}

/** A plan small enough to be read as a whole, with something in every section. */
export const smallPlan: Plan = {
  project: "shop",
  stack: "dev",
  resources,
  pack: {
    name: "guard",
    version: "1.2.3",
    policies: [
      {
        name: "no-public-bucket",
        kind: "resource",
        level: "mandatory",
        severity: "high",
        description: "No bucket is public. Ever.",
      },
      {
        name: "owner-tag",
        kind: "resource",
        level: "advisory",
        severity: "low",
        description: "Every resource names its owner.",
      },
      {
        name: "old-rule",
        kind: "stack",
        level: "disabled",
        severity: "low",
        description: "Kept for its name.",
      },
    ],
  },
  policies: [
    {
      policy: "owner-tag",
      level: "advisory",
      severity: "low",
      urn: urnOf("left-files", bucket),
      message: "The bucket has no tag owner.",
    },
  ],
  cost: {
    currency: "USD",
    region: "eu-west-1",
    pricesAsOf: "2026-10-01",
    lines: [
      costLine(urnOf("front-errors", alarm), "front-errors", [0, 0.1, 0.1, 0.1], "0.1 USD a month"),
      costLine(urnOf("front-latency", alarm), "front-latency", [0, 0.1, 0.1, 0.1], "0.1 USD a month"),
      costLine(
        search,
        "shop-dev-searc-0bcadafe",
        [0.23, 0, 1.2, 1234.5],
        "10 jobs × ml.m5.xlarge 0.23 USD/h (listed 2026-09-24, confidence high), at most 3600 s",
      ),
    ],
    idleMonthly: 0.2,
    monthly: 1.4,
    worstMonthly: 1234.7,
    unpriced: [],
    ceilings: { monthlyUsd: 2000, jobUsd: 1000, "hourlyUsd.tuning": 0.25, "hourlyUsd.hosting": 0.1 },
    largestUses: {
      jobUsd: { amount: 1234.5, of: search },
      "hourlyUsd.tuning": { amount: 0.23, of: "ml.m5.xlarge" },
    },
  },
  permissions: {
    principals: ["left", "right"].map((name) => ({
      principal: { urn: urnOf(`${name}-role`, "aws:iam/role:Role"), name: `${name}-role-0123456` },
      trusts: ["lambda.amazonaws.com (limited by aws:SourceAccount)"],
      grants: [
        grant(["s3:GetObject"], [`arn:aws:s3:::${name}-files-0a1b2c3/in/*`]),
        grant(["s3:PutObject"], [`arn:aws:s3:::${name}-files-0a1b2c3/in/*`]),
        grant(["logs:PutLogEvents"], [`arn:aws:logs:eu-west-1:123456789012:log-group:/shop/${name}:*`]),
        grant(["ecr:BatchGetImage"], ["arn:aws:ecr:eu-west-1:763104351884:repository/ray"]),
        grant(["cloudwatch:PutMetricData"], ["*"], { StringEquals: { "cloudwatch:namespace": ["shop"] } }),
      ],
      managedPolicies: [],
      notes: [],
    })),
    resourcePolicies: ["left", "right"].map((name) => {
      const own = `${name}-files-0a1b2c3`;
      const denial = (conditions: Grant["conditions"]) => ({
        ...grant(["s3:*"], [`arn:aws:s3:::${own}`, `arn:aws:s3:::${own}/*`], conditions),
        effect: "Deny" as const,
        principals: ["*"],
      });
      return {
        resource: { urn: urnOf(`${name}-files-policy`, "aws:s3/bucketPolicy:BucketPolicy"), name: own },
        statements: [
          denial({ NumericLessThan: { "s3:TlsVersion": ["1.2"] } }),
          denial({ Bool: { "aws:SecureTransport": ["false"] } }),
        ],
        notes: [],
      };
    }),
  },
  outputs: {
    region: "eu-west-1",
    pending: [],
    sites: {
      left: { bucket: "left-files-0a1b2c3", url: "https://console.example.com/a/rather/long/path/to/left" },
    },
  },
  unknownUntilDeployment: [
    { what: "AWS account", standsIn: "123456789012", resources: 0 },
    { what: "ids", standsIn: undefined, resources: 12 },
    { what: "other computed properties", standsIn: "owner, state, version", resources: 0 },
  ],
  notDue: [
    { what: "site left", reason: "no file is uploaded", next: "shop upload" },
    { what: "tuning job search", reason: "no data is there", next: "shop data" },
    { what: "site right", reason: "no file is uploaded", next: "shop upload" },
  ],
  deploy: "npx shop up --stack dev",
  messages: [],
};
