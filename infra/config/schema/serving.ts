import { z } from "zod";
import { asynchronous } from "./asynchronous";
import { entryName, type Finding, reason, withChecks } from "./fields";
import { instances } from "./instances";
import { invokeFunction, logRetentionDays } from "./invoke-function";
import { serverless } from "./serverless";

const captureShare = z.int().min(1).max(100).describe("Share of the requests that is copied.");

export const endpoint = withChecks(
  z.strictObject({
    model: entryName.describe("Name under `models`."),
    serving: z
      .discriminatedUnion("kind", [instances, serverless, asynchronous])
      .describe(
        "`instances`: always on. `serverless`: billed per request. `async`: a queue in front of instances that may go to zero.",
      ),
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
        z.strictObject({ kind: z.literal("outputs"), samplingPercent: captureShare }),
        z.strictObject({
          kind: z.literal("inputs-and-outputs"),
          samplingPercent: captureShare,
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
      .prefault({})
      .describe("When the endpoint's alarms fire; a rollout that makes one fire is rolled back."),
    logRetentionDays,
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
