import type * as pulumi from "@pulumi/pulumi";
import { readClassLabels } from "../class-labels";
import type { StackContext } from "../components/context";
import { EndpointAlarms } from "../components/endpoint-alarms";
import { EndpointFunction } from "../components/endpoint-function";
import { EndpointScaling } from "../components/endpoint-scaling";
import { InferenceEndpoint, type ServedModel } from "../components/inference-endpoint";
import type { EndpointConfig, StackConfig } from "../config/schema/stack";
import { physicalName } from "../rules/naming";
import { isScaled } from "../rules/scaling";
import type { Foundation } from "./foundation";

/** An endpoint that is deployed, with what stands around it. */
export interface ServedEndpoint {
  readonly config: EndpointConfig;
  readonly endpoint: InferenceEndpoint;
  /** Absent where the configuration wants none. */
  readonly fn: EndpointFunction | undefined;
}

/** Endpoints by their name in the configuration; only those whose models are promoted. */
export type Serving = Readonly<Record<string, ServedEndpoint>>;

export function buildServing(
  config: StackConfig,
  context: StackContext,
  foundation: Foundation,
  opts: pulumi.ComponentResourceOptions,
): Serving {
  return Object.fromEntries(
    Object.entries(config.endpoints).flatMap(([name, endpoint]) => {
      const models = promoted(config, endpoint);
      return models === undefined
        ? []
        : [[name, buildEndpoint(name, endpoint, models, config, context, foundation, opts)] as const];
    }),
  );
}

interface Models {
  readonly model: ServedModel;
  readonly shadowModel: ServedModel | undefined;
}

/** The models of an endpoint, or nothing while one of them is not promoted. */
function promoted({ models }: StackConfig, { model, serving }: EndpointConfig): Models | undefined {
  const served = (name: string): ServedModel | undefined => {
    const digest = models[name]?.digest;
    return digest === undefined ? undefined : { name, digest };
  };
  const live = served(model);
  const shadow = serving.kind === "instances" ? serving.shadow : undefined;
  const shadowModel = shadow === undefined ? undefined : served(shadow.model);
  return live === undefined || (shadow !== undefined && shadowModel === undefined)
    ? undefined
    : { model: live, shadowModel };
}

function buildEndpoint(
  name: string,
  config: EndpointConfig,
  { model, shadowModel }: Models,
  { alarms, contract, images, models }: StackConfig,
  context: StackContext,
  { dataStore, network, alertTopic }: Foundation,
  opts: pulumi.ComponentResourceOptions,
): ServedEndpoint {
  const endpointName = physicalName(context.naming, name);
  const { serving } = config;
  const { keyArn } = dataStore;
  const topicArn = alertTopic?.arn;

  // Alarms first: a rollout can only roll back on alarms that exist, and they belong to the endpoint from its creation.
  const { rollbackAlarmNames } = new EndpointAlarms(
    name,
    {
      endpointName,
      serving,
      thresholds: config.alarms,
      idleHours: alarms.kind === "notify" ? alarms.idleEndpointHours : undefined,
      topicArn,
    },
    opts,
  );
  const endpoint = new InferenceEndpoint(
    name,
    {
      context,
      endpointName,
      model,
      shadowModel,
      image: images.serving,
      serving,
      capture: config.capture,
      isolation: config.isolation,
      logRetentionDays: config.logRetentionDays,
      modelsBucketName: dataStore.modelsBucketName,
      outputBucketName: dataStore.outputBucketName,
      keyArn,
      network,
      rollbackAlarmNames,
    },
    { ...opts, dependsOn: [...dataStore.settled, ...(network?.settled ?? [])] },
  );
  if (isScaled(serving)) new EndpointScaling(name, { endpointName: endpoint.endpointName, serving }, opts);

  const fn =
    config.function.kind === "none"
      ? undefined
      : new EndpointFunction(
          name,
          {
            context,
            functionName: endpointName,
            endpointName,
            model: { name: model.name, ...classesOf(models[model.name]) },
            serving,
            config: config.function,
            consumerAccounts: contract.consumerAccounts,
            keyArn,
            topicArn,
          },
          opts,
        );
  return { config, endpoint, fn };
}

/** How many classes a model tells apart, and their names where a file has them. */
function classesOf(model: StackConfig["models"][string] | undefined): {
  classes: number;
  labels?: readonly string[];
} {
  const { classes = 0, labels } = model ?? {};
  return labels === undefined ? { classes } : { classes, labels: readClassLabels(labels, classes) };
}
