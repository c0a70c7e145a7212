import { LogGroup, MetricAlarm } from "@pulumi/aws/cloudwatch";
import { Alias, type AliasArgs, Function as LambdaFunction } from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionEnvironment } from "../../lambda/invoke/env";
import type { FunctionConfig, ServingConfig } from "../config/schema/stack";
import { functionRole } from "../iam/roles";
import { serviceTrust } from "../iam/trust";
import { classLabelsFile, functionHandler, invokeFunctionCode } from "../lambda-code";
import type { AlarmSpec } from "../rules/alarms";
import { canaryAlarms, functionAlarms } from "../rules/function-alarms";
import { maximumImageBytes } from "../rules/function-limits";
import { failedCallsQueueName, functionAliasName, functionLogGroupName } from "../rules/naming";
import { logsUrl } from "../rules/rollback-guard";
import { alarmArgs } from "./alarm-args";
import { AsynchronousCalls } from "./asynchronous-calls";
import type { StackContext } from "./context";
import { FunctionCallers } from "./function-callers";
import { ProvisionedConcurrency } from "./provisioned-concurrency";
import { ServiceRole } from "./service-role";

type InvokeConfig = Extract<FunctionConfig, { kind: "invoke" }>;

export interface EndpointFunctionArgs {
  readonly context: StackContext;
  /** Physical name. Changing it replaces the function. */
  readonly functionName: string;
  /** Physical name of the one endpoint that it may call. */
  readonly endpointName: string;
  readonly model: {
    readonly name: string;
    /** Length of an answer. */
    readonly classes: number;
    /** Their names, in the order of an answer. @default - callers get class numbers */
    readonly labels?: readonly string[] | undefined;
  };
  readonly serving: ServingConfig;
  readonly config: InvokeConfig;
  /** Other AWS accounts, 12 digits each, whose callers may invoke the alias. @default [] */
  readonly consumerAccounts?: readonly string[];
  /** Key for the logs. @default - CloudWatch's own */
  readonly keyArn?: pulumi.Input<string> | undefined;
  /** Topic that hears of the alarms. @default - nobody is told */
  readonly topicArn?: pulumi.Input<string> | undefined;
}

/** The Lambda in front of one endpoint; callers use its alias and never `$LATEST`. */
export class EndpointFunction extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly aliasArn: pulumi.Output<string>;
  /** Managed policy that lets a caller invoke the alias, and nothing else. */
  readonly invokePolicyArn: pulumi.Output<string>;
  /** HTTPS address, where one is configured. */
  readonly url: pulumi.Output<string> | undefined;
  /** Console page of the function's logs. */
  readonly logsUrl: string;

  constructor(name: string, args: EndpointFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:EndpointFunction", name, {}, opts);
    const { context, functionName, config } = args;
    const parent = { parent: this };

    const role = this.role(name, args);
    const fn = this.function(name, args, role);
    const alias = new Alias(
      `${name}-alias`,
      { name: functionAliasName, functionName: fn.name, ...routing(config.release, fn.version) },
      parent,
    );
    new AsynchronousCalls(
      `${name}-async`,
      { functionName, alias, config: config.asynchronous, role, topicArn: args.topicArn },
      parent,
    );
    if (config.provisionedConcurrency.kind !== "none") {
      new ProvisionedConcurrency(
        `${name}-provisioned`,
        { functionName: fn.name, aliasName: alias.name, provisioned: config.provisionedConcurrency },
        parent,
      );
    }
    const callers = new FunctionCallers(
      `${name}-callers`,
      { context, functionName, alias, config, consumerAccounts: args.consumerAccounts },
      parent,
    );
    this.alarms(name, args, fn);

    this.functionName = fn.name;
    this.aliasArn = alias.arn;
    this.invokePolicyArn = callers.invokePolicyArn;
    this.url = callers.url;
    this.logsUrl = logsUrl(context.place, functionLogGroupName(functionName));
    this.registerOutputs({
      functionName: this.functionName,
      aliasArn: this.aliasArn,
      invokePolicyArn: this.invokePolicyArn,
      url: this.url,
      logsUrl: this.logsUrl,
    });
  }

  private role(name: string, args: EndpointFunctionArgs): ServiceRole {
    const { context, functionName, endpointName, config, keyArn } = args;
    const readsWithKey = config.images.buckets.length > 0 ? keyArn : undefined;
    const policies = (key: string | undefined) =>
      functionRole({
        place: context.place,
        endpointName,
        logGroupName: functionLogGroupName(functionName),
        imageBuckets: config.images.buckets,
        failedCallsQueueName:
          config.asynchronous.kind === "queue" ? failedCallsQueueName(functionName) : undefined,
        traces: config.tracing === "active",
        keyArn: key,
      });
    return new ServiceRole(
      `${name}-role`,
      {
        description: `Function in front of the endpoint ${endpointName}`,
        trust: serviceTrust("lambda", context.place),
        // Known in a preview wherever no generated key is part of it, so that policies can judge it there.
        permissions:
          readsWithKey === undefined
            ? policies(undefined).permissions
            : pulumi.output(readsWithKey).apply((key) => policies(key).permissions),
      },
      { parent: this },
    );
  }

  private function(name: string, args: EndpointFunctionArgs, role: ServiceRole): LambdaFunction {
    const { functionName, endpointName, config, keyArn } = args;
    const logGroup = new LogGroup(
      `${name}-logs`,
      {
        name: functionLogGroupName(functionName),
        retentionInDays: config.logRetentionDays,
        ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      },
      { parent: this },
    );
    return new LambdaFunction(
      `${name}-function`,
      {
        name: functionName,
        description: `Calls the endpoint ${endpointName}`,
        role: role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: functionHandler,
        code: invokeFunctionCode(args.model.labels),
        // Provisioned concurrency is refused on anything but a published version.
        publish: true,
        memorySize: config.memoryMiB,
        timeout: config.timeoutSeconds,
        reservedConcurrentExecutions: config.reservedConcurrency,
        environment: { variables: { ...environment(args) } },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        // PassThrough follows the caller's decision; Active lets Lambda sample.
        tracingConfig: { mode: config.tracing === "active" ? "Active" : "PassThrough" },
      },
      { parent: this, dependsOn: [logGroup, role.policy] },
    );
  }

  private alarms(
    name: string,
    { functionName, config, topicArn }: EndpointFunctionArgs,
    fn: LambdaFunction,
  ): void {
    const watch = (spec: AlarmSpec, dimensions: Record<string, pulumi.Input<string>> = {}) => {
      const args = alarmArgs(spec, topicArn);
      new MetricAlarm(
        `${name}-${spec.suffix}`,
        { ...args, dimensions: { ...spec.dimensions, ...dimensions } },
        { parent: this },
      );
    };
    const fails = failsOnError(config);
    for (const spec of functionAlarms(functionName, fails)) watch(spec);
    if (config.release.kind === "canary")
      for (const spec of canaryAlarms(functionName, fails))
        watch(spec, { [spec.versionDimension]: fn.version });
  }
}

/** What the alias points to: the new version, or a stable one and a share for the new. */
function routing(
  release: InvokeConfig["release"],
  version: pulumi.Output<string>,
): Pick<AliasArgs, "functionVersion" | "routingConfig"> {
  if (release.kind === "immediate") return { functionVersion: version };
  const { stableVersion, percent } = release;
  return {
    functionVersion: stableVersion,
    // Until there is new code there is nothing to try, and Lambda refuses one version twice.
    routingConfig: version.apply((latest) => ({
      additionalVersionWeights: latest === stableVersion ? {} : { [latest]: percent / 100 },
    })),
  };
}

function environment({ endpointName, model, serving, config }: EndpointFunctionArgs): FunctionEnvironment {
  const { hosts, buckets, maxBatch } = config.images;
  const origins = config.corsOrigins;
  return {
    ENDPOINT_NAME: endpointName,
    MODEL_NAME: model.name,
    CLASS_COUNT: String(model.classes),
    MAX_IMAGE_BYTES: String(maximumImageBytes(serving)),
    ...(maxBatch === 1 ? {} : { MAX_BATCH: String(maxBatch) }),
    ...(origins.length === 0 ? {} : { ALLOWED_ORIGINS: origins.join(",") }),
    ...(hosts.length === 0 ? {} : { IMAGE_HOSTS: hosts.join(",") }),
    ...(buckets.length === 0 ? {} : { IMAGE_BUCKETS: buckets.join(",") }),
    ...(model.labels === undefined ? {} : { CLASS_LABELS: classLabelsFile }),
    ...(failsOnError(config) ? { FAIL_ON_ERROR: "true" as const } : {}),
  };
}

/** To Lambda an answer is a success, which it neither repeats nor keeps. */
function failsOnError({ asynchronous }: InvokeConfig): boolean {
  return asynchronous.kind === "queue";
}
