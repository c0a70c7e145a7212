import { z } from "zod";
import { findInstanceType } from "../../../policy/catalog/instance-types";
import { rolloutFindings } from "../../rules/rollout";
import {
  cronExpression,
  entryName,
  type Finding,
  instanceType,
  reason,
  timeZone,
  withChecks,
} from "./fields";
import { volumeKey } from "./training";

const waitSeconds = z.int().min(0).max(3600);

const alarmWait = waitSeconds
  .default(300)
  .describe("How long the alarms watch each step; a fault that shows later is not rolled back.");
const terminationWaitSeconds = waitSeconds
  .default(120)
  .describe("How long the old fleet is kept after all traffic has moved, for a quick way back.");

export const rollout = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all-at-once"), waitSeconds: alarmWait, terminationWaitSeconds }),
    z.strictObject({
      kind: z.literal("canary"),
      percent: z
        .int()
        .min(1)
        .max(50)
        .describe("Share of the new fleet that takes traffic first, rounded up to whole instances."),
      waitSeconds: alarmWait,
      terminationWaitSeconds,
    }),
    z.strictObject({
      kind: z.literal("linear"),
      stepPercent: z.int().min(10).max(50).describe("Share of the traffic that moves in each step."),
      waitSeconds: alarmWait,
      terminationWaitSeconds,
    }),
    z.strictObject({
      kind: z.literal("rolling"),
      batchPercent: z
        .int()
        .min(5)
        .max(50)
        .describe("Share of the fleet that is replaced at a time; needs no second fleet."),
      waitSeconds: alarmWait,
    }),
  ])
  .describe(
    "How a new model takes over. All kinds watch the endpoint's alarms and roll back when one fires.",
  );

const capacity = z.int().min(1).max(100);

const scheduledBounds = withChecks(
  z.strictObject({
    cron: cronExpression,
    timeZone: timeZone.default("UTC"),
    min: capacity,
    max: capacity,
  }),
  [{ reads: ["min", "max"], find: (bounds) => ordered(bounds) }],
);

const scalingFields = {
  min: capacity,
  max: capacity,
  scaleOutCooldownSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .describe("Pause after adding instances. Short, since late capacity costs requests."),
  scaleInCooldownSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(300)
    .describe("Pause after removing instances. Long, since early removal makes the fleet flap."),
  schedules: z
    .record(entryName, scheduledBounds)
    .default({})
    .describe("Other bounds at given times, for instance fewer at night."),
};

function ordered({ min, max }: { min: number; max: number }): Finding[] {
  return min <= max
    ? []
    : [{ path: ["max"], message: `${max} is below min ${min}`, allowed: `${min} to 100` }];
}

const scaling = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("fixed") }),
    withChecks(
      z.strictObject({
        kind: z.literal("invocations"),
        maxRequestsPerSecond: z
          .number()
          .positive()
          .max(10_000)
          .describe("What one instance serves before latency bends, from a load test of one instance."),
        safetyFactor: z
          .number()
          .min(0.1)
          .max(1)
          .default(0.5)
          .describe("Share of that rate to aim for, as detection takes minutes."),
        ...scalingFields,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ),
    withChecks(
      z.strictObject({
        kind: z.literal("concurrency"),
        targetConcurrentRequests: z
          .number()
          .positive()
          .max(1000)
          .describe(
            "Requests in flight and queued per instance to aim for; measured every 10 s, so it reacts sooner.",
          ),
        ...scalingFields,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ),
  ])
  .prefault({ kind: "fixed" });

const startup = {
  modelDownloadTimeoutSeconds: z.int().min(60).max(3600).default(600),
  healthCheckTimeoutSeconds: z
    .int()
    .min(60)
    .max(3600)
    .default(300)
    .describe("From container start to the first good /ping."),
};

const volume = {
  volumeSizeGiB: z
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe("EBS volume per instance. Default: what AWS gives. Not for types with local NVMe disks."),
  volumeEncryption: z
    .enum(["service", "kms"])
    .default("service")
    .describe("`kms`: the stack's key. Refused with local NVMe disks."),
};

interface Hosted {
  readonly instanceType: string;
  readonly volumeSizeGiB?: number | undefined;
  readonly volumeEncryption: "service" | "kms";
}

function volumes({ instanceType: name, volumeSizeGiB, volumeEncryption }: Hosted): Finding[] {
  const nvme = findInstanceType("hosting", name)?.localNvme === true;
  const size: Finding[] =
    nvme && volumeSizeGiB !== undefined
      ? [
          {
            path: ["volumeSizeGiB"],
            message: `"${name}" has local NVMe disks of a fixed size`,
            allowed: "no volumeSizeGiB with this type",
          },
        ]
      : [];
  return [...size, ...volumeKey("hosting", name, volumeEncryption)];
}

function burstable(name: string, path: string[]): Finding[] {
  return findInstanceType("hosting", name)?.burstable === true
    ? [
        {
          path,
          message: `burstable type "${name}" cannot be autoscaled: AWS refuses to register it`,
          allowed: 'scaling.kind "fixed", or a type such as ml.m5.large',
        },
      ]
    : [];
}

const instances = withChecks(
  z.strictObject({
    kind: z.literal("instances"),
    instanceType: instanceType("hosting"),
    initialCount: capacity.describe(
      "Instances at creation, and again after every rollout until scaling acts.",
    ),
    ...volume,
    ...startup,
    scaling,
    rollout: rollout.prefault({ kind: "all-at-once" }),
    routing: z
      .enum(["LEAST_OUTSTANDING_REQUESTS", "RANDOM"])
      .default("LEAST_OUTSTANDING_REQUESTS")
      .describe("How requests are spread; the first keeps queues short when service times differ."),
    shadow: z
      .strictObject({
        model: entryName,
        instanceType: instanceType("hosting"),
        count: capacity.default(1),
        samplingPercent: z
          .number()
          .min(1)
          .max(100)
          .default(100)
          .describe("Share of the requests that is copied."),
      })
      .optional()
      .describe("A second model that gets a copy of the requests and whose answers are discarded."),
  }),
  [
    { reads: ["instanceType", "volumeSizeGiB", "volumeEncryption"], find: volumes },
    {
      reads: ["instanceType", "scaling"],
      find: ({ instanceType: name, scaling: { kind } }) =>
        kind === "fixed" ? [] : burstable(name, ["instanceType"]),
    },
    {
      reads: ["initialCount", "scaling"],
      find: ({ initialCount, scaling }) =>
        scaling.kind === "fixed" || (scaling.min <= initialCount && initialCount <= scaling.max)
          ? []
          : [
              {
                path: ["initialCount"],
                message: `${initialCount} is outside the scaling bounds ${scaling.min} to ${scaling.max}; every rollout starts from it`,
                allowed: `${scaling.min} to ${scaling.max}`,
              },
            ],
    },
    {
      reads: ["initialCount", "scaling", "rollout", "shadow"],
      find: ({ initialCount, scaling, rollout, shadow }) =>
        rolloutFindings({
          rollout,
          fleetSize: scaling.kind === "fixed" ? initialCount : Math.min(initialCount, scaling.min),
          hasShadow: shadow !== undefined,
        }).map(({ path, ...rest }) => ({ path: ["rollout", ...path], ...rest })),
    },
  ],
);

const serverlessMemoryMiB = [1024, 2048, 3072, 4096, 5120, 6144] as const;

const serverless = withChecks(
  z.strictObject({
    kind: z.literal("serverless"),
    memoryMiB: z.literal(serverlessMemoryMiB),
    maxConcurrency: z.int().min(1).max(200),
    provisionedConcurrency: z
      .int()
      .min(1)
      .max(200)
      .optional()
      .describe("Kept warm and billed; at most maxConcurrency."),
  }),
  [
    {
      reads: ["maxConcurrency", "provisionedConcurrency"],
      find: ({ maxConcurrency, provisionedConcurrency }) =>
        provisionedConcurrency === undefined || provisionedConcurrency <= maxConcurrency
          ? []
          : [
              {
                path: ["provisionedConcurrency"],
                message: `${provisionedConcurrency} is above maxConcurrency ${maxConcurrency}`,
                allowed: `1 to ${maxConcurrency}`,
              },
            ],
    },
  ],
);

const asynchronous = withChecks(
  z.strictObject({
    kind: z.literal("async"),
    instanceType: instanceType("hosting"),
    initialCount: capacity.default(1),
    ...volume,
    ...startup,
    maxConcurrentInvocationsPerInstance: z.int().min(1).max(1000).default(4),
    scaling: withChecks(
      z.strictObject({
        min: z
          .int()
          .min(0)
          .max(100)
          .default(0)
          .describe("0: no instance, and no bill, while the queue is empty."),
        max: capacity,
        targetBacklogPerInstance: z.number().positive().max(10_000).default(5),
        scaleOutCooldownSeconds: scalingFields.scaleOutCooldownSeconds,
        scaleInCooldownSeconds: scalingFields.scaleInCooldownSeconds,
      }),
      [{ reads: ["min", "max"], find: ordered }],
    ),
    rollout: rollout.prefault({ kind: "all-at-once" }),
  }),
  [
    { reads: ["instanceType", "volumeSizeGiB", "volumeEncryption"], find: volumes },
    { reads: ["instanceType"], find: ({ instanceType: name }) => burstable(name, ["instanceType"]) },
    {
      reads: ["initialCount", "scaling"],
      find: ({ initialCount, scaling: { min, max } }) =>
        min <= initialCount && initialCount <= max
          ? []
          : [
              {
                path: ["initialCount"],
                message: `${initialCount} is outside the scaling bounds ${min} to ${max}`,
                allowed: `${min} to ${max}`,
              },
            ],
    },
    {
      reads: ["initialCount", "scaling", "rollout"],
      find: ({ initialCount, scaling: { min }, rollout }) =>
        rolloutFindings({ rollout, fleetSize: Math.min(initialCount, min), hasShadow: false }).map(
          ({ path, ...rest }) => ({
            path: ["rollout", ...path],
            ...rest,
          }),
        ),
    },
  ],
);

const invokeFunction = withChecks(
  z.strictObject({
    kind: z.literal("invoke"),
    memoryMiB: z
      .int()
      .min(256)
      .max(10240)
      .default(512)
      .describe("Below 256 MiB Node is too slow: memory buys CPU."),
    timeoutSeconds: z
      .int()
      .min(3)
      .max(900)
      .default(65)
      .describe(
        "At least 61, so that the endpoint's own limit of 60 s answers first; less where callers give up sooner.",
      ),
    reservedConcurrency: z
      .int()
      .min(1)
      .max(100_000)
      .describe("Floor and ceiling of concurrent executions: keeps a flood away from the endpoint."),
    provisionedConcurrency: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.literal("fixed"), count: z.int().min(1).max(10_000) }),
        withChecks(
          z.strictObject({
            kind: z.literal("autoscaled"),
            min: z.int().min(1).max(10_000),
            max: z.int().min(1).max(10_000),
            targetUtilization: z.number().min(0.1).max(0.9).default(0.7),
          }),
          [{ reads: ["min", "max"], find: ({ min, max }) => ordered({ min, max }) }],
        ),
      ])
      .prefault({ kind: "none" })
      .describe("Environments kept ready on the alias; billed all the time."),
    url: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({
          kind: z.literal("iam"),
          corsOrigins: z
            .array(z.url({ protocol: /^https$/ }))
            .max(20)
            .default([])
            .describe("Browser origins; none by default."),
        }),
      ])
      .prefault({ kind: "none" })
      .describe("`iam`: an HTTPS address for callers that sign their requests."),
    logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]).default(30),
  }),
  [
    {
      reads: ["reservedConcurrency", "provisionedConcurrency"],
      find: ({ reservedConcurrency, provisionedConcurrency: provisioned }) => {
        const key = provisioned.kind === "fixed" ? "count" : "max";
        const most =
          provisioned.kind === "none"
            ? 0
            : provisioned.kind === "fixed"
              ? provisioned.count
              : provisioned.max;
        return most <= reservedConcurrency
          ? []
          : [
              {
                path: ["provisionedConcurrency", key],
                message: `${most} is above reservedConcurrency ${reservedConcurrency}, which it counts towards`,
                allowed: `at most ${reservedConcurrency}`,
                fix: "Lower it, or raise reservedConcurrency.",
              },
            ];
      },
    },
  ],
);

export const endpoint = withChecks(
  z.strictObject({
    model: entryName.describe("Name under `models`."),
    serving: z.discriminatedUnion("kind", [instances, serverless, asynchronous]),
    function: z
      .discriminatedUnion("kind", [invokeFunction, z.strictObject({ kind: z.literal("none"), reason })])
      .describe("The Lambda in front of the endpoint."),
    isolation: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("isolated") }),
        z.strictObject({ kind: z.literal("open"), reason }),
      ])
      .prefault({ kind: "isolated" })
      .describe("`isolated`: the container has no network and no credentials."),
    capture: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("none") }),
        z.strictObject({ kind: z.literal("outputs"), samplingPercent: z.int().min(1).max(100) }),
        z.strictObject({
          kind: z.literal("inputs-and-outputs"),
          samplingPercent: z.int().min(1).max(100),
          reason,
        }),
      ])
      .prefault({ kind: "none" })
      .describe("Copies of answers, and only with a reason of the images too, in the output bucket."),
    alarms: z
      .strictObject({
        p99LatencyMilliseconds: z
          .int()
          .min(1)
          .max(60_000)
          .default(2000)
          .describe("Model latency, 99th percentile, three minutes in a row."),
        errorPercent: z
          .number()
          .min(0.1)
          .max(100)
          .default(5)
          .describe("Share of 5xx answers, three minutes in a row."),
      })
      .prefault({}),
    logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]).default(30),
  }),
  [
    {
      reads: ["serving", "capture", "isolation"],
      find: ({ serving, capture, isolation }): Finding[] =>
        serving.kind !== "serverless"
          ? []
          : [
              ...(capture.kind === "none"
                ? []
                : [
                    {
                      path: ["capture", "kind"],
                      message: "serverless endpoints cannot capture data",
                      allowed: '"none"',
                    },
                  ]),
              ...(isolation.kind === "open"
                ? []
                : [
                    {
                      path: ["isolation", "kind"],
                      message: "serverless endpoints cannot be network-isolated",
                      allowed: '{ kind: "open", reason: … }',
                    },
                  ]),
            ],
    },
    {
      reads: ["serving", "function"],
      find: ({ serving, function: lambda }): Finding[] =>
        serving.kind === "async" && lambda.kind === "invoke"
          ? [
              {
                path: ["function", "kind"],
                message:
                  "the function calls an endpoint and waits; an asynchronous endpoint is called with an S3 object instead",
                allowed: '{ kind: "none", reason: … }',
              },
            ]
          : [],
    },
  ],
);

export const endpoints = z.record(entryName, endpoint).describe("Endpoints by name.");
