import type { ServingConfig } from "../config/schema/stack";
import { functionMetricNamespace } from "./function-alarms";
import { functionAliasName, variantName } from "./naming";

export interface DashboardEndpoint {
  /** Name in the configuration. */
  readonly label: string;
  /** Physical name. */
  readonly endpointName: string;
  readonly kind: ServingConfig["kind"];
  /** Physical name of the function in front of it. @default - none */
  readonly functionName?: string | undefined;
}

/** A widget of `PutDashboard`. */
export interface Widget {
  readonly type: "metric" | "text";
  /** Column 0 to 23. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Metric = readonly unknown[];

const columns = 24;
const rowHeight = 6;
const widgetsPerRow = 4;
/** AWS takes 500 widgets and 2500 metrics per dashboard; one row is kept for a note. */
const maximumRows = 124;

/**
 * Body of the stack's dashboard: one row per endpoint, in the given order, with its latency, its traffic, its capacity and
 * its function.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(
  region: string,
  endpoints: readonly DashboardEndpoint[],
): { readonly start: string; readonly periodOverride: "inherit"; readonly widgets: Widget[] } {
  const shown = endpoints.slice(0, maximumRows);
  const rows = shown.flatMap((endpoint, row) => endpointRow(region, endpoint, row * rowHeight));
  const note = noteOn(endpoints.length, shown.length);
  return {
    start: "-PT12H",
    periodOverride: "inherit",
    widgets: note === undefined ? rows : [...rows, noteWidget(note, shown.length * rowHeight)],
  };
}

function noteOn(total: number, shown: number): string | undefined {
  if (total === 0) return "No endpoint is served yet: promote a model, then deploy.";
  return total > shown
    ? `${total - shown} more endpoints are not shown: a dashboard takes 500 widgets.`
    : undefined;
}

function noteWidget(markdown: string, y: number): Widget {
  return { type: "text", x: 0, y, width: columns, height: 2, properties: { markdown } };
}

function endpointRow(region: string, endpoint: DashboardEndpoint, y: number): Widget[] {
  const charts = [latency(endpoint), traffic(endpoint), capacity(endpoint), invokeFunction(endpoint)];
  const width = columns / widgetsPerRow;
  return charts.flatMap((chart, column): Widget[] =>
    chart === undefined
      ? []
      : [
          {
            type: "metric",
            x: column * width,
            y,
            width,
            height: rowHeight,
            properties: {
              region,
              view: "timeSeries",
              stacked: false,
              period: 60,
              title: `${endpoint.label}: ${chart.title}`,
              metrics: chart.metrics,
              yAxis: chart.yAxis,
            },
          },
        ],
  );
}

interface Chart {
  readonly title: string;
  readonly metrics: Metric[];
  readonly yAxis: Readonly<Record<string, unknown>>;
}

function axis(label: string) {
  return { left: { min: 0, label, showUnits: false } };
}

/** A hidden metric, for an expression to use. */
function hidden(metric: Metric, id: string, stat: string): Metric {
  return [...metric, { id, stat, visible: false }];
}

function latency({ endpointName }: DashboardEndpoint): Chart {
  const metric = onVariant(endpointName, "ModelLatency");
  const percentiles = ["p50", "p95", "p99"];
  return {
    title: "model latency",
    // Published in microseconds.
    metrics: percentiles.flatMap((stat) => [
      [{ expression: `${stat}us / 1000`, label: stat, id: `${stat}ms` }],
      hidden(metric, `${stat}us`, stat),
    ]),
    yAxis: axis("ms"),
  };
}

function traffic({ endpointName, kind }: DashboardEndpoint): Chart {
  const errors: Metric[] = [
    [...onVariant(endpointName, "Invocation5XXErrors"), { stat: "Sum", label: "5xx", color: "#d62728" }],
    [...onVariant(endpointName, "Invocation4XXErrors"), { stat: "Sum", label: "4xx", color: "#ff7f0e" }],
  ];
  const requests: Metric =
    kind === "async"
      ? ["AWS/SageMaker", "ApproximateBacklogSize", "EndpointName", endpointName, { label: "queued" }]
      : [...onVariant(endpointName, "Invocations"), { stat: "Sum", label: "invocations" }];
  return { title: "requests per minute", metrics: [requests, ...errors], yAxis: axis("requests") };
}

function capacity({ endpointName, kind }: DashboardEndpoint): Chart {
  switch (kind) {
    case "serverless":
      return {
        title: "use of the concurrency",
        metrics: [
          [
            ...onVariant(endpointName, "ServerlessConcurrentExecutionsUtilization"),
            { stat: "Maximum", label: "share of maxConcurrency" },
          ],
        ],
        yAxis: axis("share"),
      };
    case "async":
      return {
        title: "capacity",
        metrics: [
          [
            "AWS/SageMaker",
            "ApproximateBacklogSizePerInstance",
            "EndpointName",
            endpointName,
            { label: "queued per instance" },
          ],
          [
            "AWS/SageMaker",
            "HasBacklogWithoutCapacity",
            "EndpointName",
            endpointName,
            { label: "waiting without an instance" },
          ],
          cpu(endpointName),
        ],
        yAxis: twoAxes("queue"),
      };
    case "instances":
      return {
        title: "capacity",
        metrics: [
          // Each request counts 1/n per instance, so the quotient is the number of instances that served.
          [{ expression: "IF(each > 0, all / each)", label: "instances", id: "instances" }],
          hidden(onVariant(endpointName, "Invocations"), "all", "Sum"),
          hidden(onVariant(endpointName, "InvocationsPerInstance"), "each", "Sum"),
          cpu(endpointName),
        ],
        yAxis: twoAxes("instances"),
      };
  }
}

function twoAxes(label: string) {
  return { ...axis(label), right: { min: 0, label: "CPU %", showUnits: false } };
}

/** 0 to 100 % per vCPU, averaged over the instances. */
function cpu(endpointName: string): Metric {
  return [
    "/aws/sagemaker/Endpoints",
    "CPUUtilization",
    "EndpointName",
    endpointName,
    "VariantName",
    variantName,
    { stat: "Average", label: "CPU", yAxis: "right" },
  ];
}

function invokeFunction({ functionName }: DashboardEndpoint): Chart | undefined {
  if (functionName === undefined) return undefined;
  const onAlias = ["FunctionName", functionName, "Resource", `${functionName}:${functionAliasName}`];
  const lambda = (metric: string, stat: string, label: string): Metric => [
    "AWS/Lambda",
    metric,
    ...onAlias,
    { stat, label },
  ];
  return {
    title: "function",
    metrics: [
      lambda("ConcurrentExecutions", "Maximum", "concurrent"),
      lambda("ProvisionedConcurrencySpilloverInvocations", "Sum", "beyond provisioned"),
      lambda("Throttles", "Sum", "throttled"),
      lambda("Errors", "Sum", "errors"),
      [
        functionMetricNamespace,
        "Failures",
        "FunctionName",
        functionName,
        { stat: "Sum", label: "5xx answers" },
      ],
    ],
    yAxis: axis("calls"),
  };
}

function onVariant(endpointName: string, metric: string): Metric {
  return ["AWS/SageMaker", metric, "EndpointName", endpointName, "VariantName", variantName];
}
