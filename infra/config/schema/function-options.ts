import { z } from "zod";
import { bucketName, distinct, withChecks } from "./fields";

/** Browsers compare origins as text, so a path, a slash at the end or capitals would never match. */
const webOrigin = z
  .string()
  .max(253)
  .regex(
    /^(?:\*|https:\/\/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?)$/,
    {
      error: "must be an https origin such as https://example.com, without a path, or * outside prod",
    },
  );

export const corsOrigins = distinct(z.array(webOrigin).max(20), "an origin")
  .default([])
  .describe("Browser origins that may read the answers. `*`, every origin, is refused in prod.");

const imageHost = z
  .string()
  .max(253)
  .regex(/^(?:\*|(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/, {
    error: "must be a host such as images.example.com, *.example.com for those below it, or * outside prod",
  });

/** Where an image may come from when a request only names it. */
export const images = z
  .strictObject({
    hosts: distinct(z.array(imageHost).max(20), "a host")
      .default([])
      .describe(
        'Hosts that {"url": …} may name, over https. None: such requests are refused. `*`, any public host, is refused in prod.',
      ),
    buckets: distinct(z.array(bucketName).max(10), "a bucket")
      .default([])
      .describe('Buckets that {"s3": …} may name; the function may read their objects. None: refused.'),
    maxBatch: z.int().min(1).max(20).default(1).describe("Most images in one request."),
  })
  .prefault({})
  .describe("Images that are not in the request itself.");

/** Lambda calls twice more by default, at an endpoint that may be in trouble, and keeps events for 6 h. */
export const asynchronous = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("drop") }),
    z.strictObject({
      kind: z.literal("queue"),
      retries: z.int().min(0).max(2).default(0).describe("Further attempts after a failure."),
      maxAgeSeconds: z.int().min(60).max(21_600).default(300).describe("How long an event may wait."),
    }),
  ])
  .prefault({ kind: "drop" })
  .describe(
    "What becomes of an asynchronous call that crashes, runs out of time, or is answered with 429, 500 or above. `drop`: nothing, as its answer reaches nobody. `queue`: it is kept for 14 days in a queue, whose first message raises an alarm; calls without an HTTP envelope that fail so end in an error of the function then, direct ones that wait for their answer included.",
  );

export const release = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("immediate") }),
    z.strictObject({
      kind: z.literal("canary"),
      stableVersion: z
        .string()
        .regex(/^[1-9]\d{0,9}$/, { error: 'must be a published version in quotes, such as "12"' })
        .describe("Version that keeps the other calls: the one the alias has now (`functionVersion`)."),
      percent: z.int().min(1).max(50).describe("Share of the calls that the new version gets."),
    }),
  ])
  .prefault({ kind: "immediate" })
  .describe(
    "How new code reaches callers. `immediate`: the alias moves to it. `canary`: a share of the calls, with alarms on the new version's crashes and on its answers of 500 and above; going back to `immediate` completes it.",
  );

/** Service in the ARNs of what each of them calls for. */
const resourcesOf = {
  apigateway: "execute-api",
  elasticloadbalancing: "elasticloadbalancing",
  events: "events",
} as const;

export const serviceCallers = distinct(
  z.array(
    withChecks(
      z.strictObject({
        service: z
          .enum(["apigateway", "elasticloadbalancing", "events"])
          .describe(
            "Who calls. A rule of EventBridge (`events`) needs an input transformer that makes an event of this function's.",
          ),
        sourceArn: z
          .string()
          .max(300)
          .regex(/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^\s*?][^\s]*$/, {
            error:
              "must be the ARN of what calls, such as arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*/POST/classify",
          })
          .describe(
            "For which resource of this account: an API (execute-api), a target group or a rule; others are refused.",
          ),
      }),
      [
        {
          reads: ["service", "sourceArn"],
          find: ({ service, sourceArn }) => {
            const named = sourceArn.split(":")[2];
            return named === resourcesOf[service]
              ? []
              : [
                  {
                    path: ["sourceArn"],
                    message: `is of the service "${named}", for which "${service}" never calls`,
                    allowed: `an ARN of the service "${resourcesOf[service]}"`,
                  },
                ];
          },
        },
      ],
    ),
  ),
  "a caller",
)
  .max(20)
  .default([])
  .describe("AWS services that may call the alias, for resources of this account only.");

export const tracing = z
  .enum(["caller", "active"])
  .default("caller")
  .describe("X-Ray. `caller`: traced when the caller's request is. `active`: Lambda samples by itself.");
