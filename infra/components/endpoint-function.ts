import { LogGroup, MetricAlarm } from "@pulumi/aws/cloudwatch";
import { Policy } from "@pulumi/aws/iam";
import {
  Alias,
  FunctionEventInvokeConfig,
  FunctionUrl,
  Function as LambdaFunction,
  Permission,
} from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionEnvironment } from "../../lambda/invoke/env";
import type { FunctionConfig, ServingConfig } from "../config/schema/stack";
import { renderPolicy } from "../iam/document";
import { invokePolicy } from "../iam/invoke-function";
import { functionRole } from "../iam/roles";
import { functionHandler, invokeFunctionCode } from "../lambda-code";
import { functionAlarms } from "../rules/alarms";
import { maximumImageBytes } from "../rules/function-limits";
import { functionAliasName, functionLogGroupName } from "../rules/naming";
import { logsUrl } from "../rules/rollback-guard";
import { alarmArgs } from "./alarm-args";
import type { StackContext } from "./context";
import { ProvisionedConcurrency } from "./provisioned-concurrency";
import { ServiceRole } from "./service-role";

type InvokeConfig = Extract<FunctionConfig, { kind: "invoke" }>;

export interface EndpointFunctionArgs {
  readonly context: StackContext;
  /** Physical name. Changing it replaces the function. */
  readonly functionName: string;
  /** Physical name of the one endpoint that it may call. */
  readonly endpointName: string;
  readonly model: { readonly name: string /** Length of an answer. */; readonly classes: number };
  readonly serving: ServingConfig;
  readonly config: InvokeConfig;
  /** Other AWS accounts, 12 digits each, whose callers may invoke the alias. @default [] */
  readonly consumerAccounts?: readonly string[];
  /** Key for the logs. @default - CloudWatch's own */
  readonly keyArn?: pulumi.Input<string> | undefined;
  /** Topic that hears of the alarms. @default - nobody is told */
  readonly topicArn?: pulumi.Input<string> | undefined;
}

/** Headers that a browser sends with a signed request. */
const signedHeaders = [
  "authorization",
  "content-type",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
];

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

    const fn = this.function(name, args);
    const alias = new Alias(
      `${name}-alias`,
      { name: functionAliasName, functionName: fn.name, functionVersion: fn.version },
      parent,
    );
    // The answer to an asynchronous call reaches nobody, so it is neither repeated nor kept waiting.
    new FunctionEventInvokeConfig(
      `${name}-async`,
      { functionName: fn.name, qualifier: alias.name, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      parent,
    );
    if (config.provisionedConcurrency.kind !== "none") {
      new ProvisionedConcurrency(
        `${name}-provisioned`,
        {
          functionName: fn.name,
          aliasName: alias.name,
          provisioned: config.provisionedConcurrency,
        },
        parent,
      );
    }
    this.url = config.url.kind === "none" ? undefined : this.address(name, config.url.corsOrigins, fn, alias);
    this.admit(name, args, fn, alias);
    const policy = new Policy(
      `${name}-invoke`,
      {
        description: `Invoke ${functionName} through its alias ${functionAliasName}`,
        policy: renderPolicy(
          invokePolicy(context.place, functionName, config.url.kind !== "none"),
          "managed",
        ),
      },
      parent,
    );
    for (const spec of functionAlarms(functionName))
      new MetricAlarm(`${name}-${spec.suffix}`, alarmArgs(spec, args.topicArn), parent);

    this.functionName = fn.name;
    this.aliasArn = alias.arn;
    this.invokePolicyArn = policy.arn;
    this.logsUrl = logsUrl(context.place, functionLogGroupName(functionName));
    this.registerOutputs({
      functionName: this.functionName,
      aliasArn: this.aliasArn,
      invokePolicyArn: this.invokePolicyArn,
      url: this.url,
      logsUrl: this.logsUrl,
    });
  }

  private function(name: string, args: EndpointFunctionArgs): LambdaFunction {
    const { context, functionName, endpointName, config, keyArn } = args;
    const logGroupName = functionLogGroupName(functionName);
    const logGroup = new LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        retentionInDays: config.logRetentionDays,
        ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      },
      { parent: this },
    );
    const { trust, permissions } = functionRole({ place: context.place, endpointName, logGroupName });
    const role = new ServiceRole(
      `${name}-role`,
      { description: `Function in front of the endpoint ${endpointName}`, trust, permissions },
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
        code: invokeFunctionCode(),
        // Provisioned concurrency is refused on anything but a published version.
        publish: true,
        memorySize: config.memoryMiB,
        timeout: config.timeoutSeconds,
        reservedConcurrentExecutions: config.reservedConcurrency,
        environment: { variables: { ...environment(args) } },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        // Follows the caller's decision; the function's own calls are not traced.
        tracingConfig: { mode: "PassThrough" },
      },
      { parent: this, dependsOn: [logGroup, role.policy] },
    );
  }

  private address(
    name: string,
    corsOrigins: readonly string[],
    fn: LambdaFunction,
    alias: Alias,
  ): pulumi.Output<string> {
    return new FunctionUrl(
      `${name}-url`,
      {
        functionName: fn.name,
        qualifier: alias.name,
        authorizationType: "AWS_IAM",
        ...(corsOrigins.length === 0
          ? {}
          : {
              cors: {
                allowOrigins: [...corsOrigins],
                allowMethods: ["POST"],
                allowHeaders: signedHeaders,
                exposeHeaders: ["x-model-sha256"],
                maxAge: 3600,
              },
            }),
      },
      { parent: this },
    ).functionUrl;
  }

  /**
   * Lets other accounts in, which then decide who of them may. The principal is the account itself; a source account is a
   * condition for calls by AWS services, and would never be met here.
   */
  private admit(name: string, args: EndpointFunctionArgs, fn: LambdaFunction, alias: Alias): void {
    const { config, consumerAccounts = [] } = args;
    for (const account of consumerAccounts) {
      const grant = { function: fn.name, qualifier: alias.name, principal: account };
      new Permission(
        `${name}-consumer-${account}`,
        { ...grant, statementId: `consumer-${account}`, action: "lambda:InvokeFunction" },
        { parent: this },
      );
      if (config.url.kind === "none") continue;
      new Permission(
        `${name}-consumer-${account}-url`,
        {
          ...grant,
          statementId: `consumer-${account}-url`,
          action: "lambda:InvokeFunctionUrl",
          functionUrlAuthType: "AWS_IAM",
        },
        { parent: this },
      );
    }
  }
}

function environment({ endpointName, model, serving }: EndpointFunctionArgs): FunctionEnvironment {
  return {
    ENDPOINT_NAME: endpointName,
    MODEL_NAME: model.name,
    CLASS_COUNT: String(model.classes),
    MAX_IMAGE_BYTES: String(maximumImageBytes(serving)),
  };
}
