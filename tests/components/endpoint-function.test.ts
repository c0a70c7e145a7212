import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { EndpointFunction, type EndpointFunctionArgs } from "../../infra/components/endpoint-function";
import { corsHeaders, preflightHeaders } from "../../lambda/invoke/cors";
import { readSettings } from "../../lambda/invoke/env";
import { countByType, ofType, only, recordResources } from "../support/mocks";
import { context, functionConfig, servingConfig, servingSamples } from "../support/serving";

const name = "sagemaker-ops-test-breeds";
const functionType = "aws:lambda/function:Function";
const aliasType = "aws:lambda/alias:Alias";
const provisionedType = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const permissionType = "aws:lambda/permission:Permission";

function deploy(
  rest: Record<string, unknown> = {},
  overrides: Partial<EndpointFunctionArgs> = {},
  outputs: Record<string, Record<string, unknown>> = {},
  look: (made: EndpointFunction) => void = () => {},
) {
  return recordResources(
    () =>
      look(
        new EndpointFunction("breeds-function", {
          context,
          functionName: name,
          endpointName: name,
          model: { name: "breeds", classes: 133 },
          serving: servingConfig(servingSamples.instances),
          config: functionConfig(rest),
          ...overrides,
        }),
      ),
    { outputs: { "breeds-function-function": { version: "7" }, ...outputs } },
  );
}

/** What an Output holds once everything is registered. */
function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

const bare = {
  "aws:cloudwatch/logGroup:LogGroup": 1,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 3,
  "aws:iam/policy:Policy": 1,
  "aws:iam/role:Role": 1,
  "aws:iam/rolePolicy:RolePolicy": 1,
  [aliasType]: 1,
  [functionType]: 1,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": 1,
  "mlops:iam:ServiceRole": 1,
  "mlops:serving:AsynchronousCalls": 1,
  "mlops:serving:EndpointFunction": 1,
  "mlops:serving:FunctionCallers": 1,
};

describe("EndpointFunction", () => {
  it("is a published arm64 function with reserved concurrency, its own log group and role", async () => {
    const resources = await deploy();

    assert.deepEqual(countByType(resources), bare);
    const { code, ...inputs } = only(resources, functionType).inputs;
    assert.deepEqual(inputs, {
      name,
      description: `Calls the endpoint ${name}`,
      role: "arn:aws:iam::123456789012:role/breeds-function-role",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      publish: true,
      memorySize: 512,
      timeout: 65,
      reservedConcurrentExecutions: 10,
      environment: {
        variables: {
          ENDPOINT_NAME: name,
          MODEL_NAME: "breeds",
          CLASS_COUNT: "133",
          MAX_IMAGE_BYTES: "4500000",
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: `/aws/lambda/${name}` },
      tracingConfig: { mode: "PassThrough" },
    });
    assert.ok(code !== undefined);
    const { dependencies } = only(resources, functionType);
    assert.ok(dependencies.includes("breeds-function-logs"), String(dependencies));
    assert.ok(dependencies.includes("breeds-function-role-permissions"), String(dependencies));
  });

  it("writes an environment that the handler can read", async () => {
    const resources = await deploy({}, { serving: servingConfig(servingSamples.serverless) });

    assert.deepEqual(readSettings(only(resources, functionType).inputs.environment.variables), {
      endpointName: name,
      modelName: "breeds",
      classCount: 133,
      maxImageBytes: 4_000_000,
      maxFetchBytes: 4_000_000,
      maxBatch: 1,
      allowedOrigins: [],
      imageHosts: [],
      imageBuckets: [],
      classLabels: undefined,
      failOnError: false,
    });
  });

  it("tells the handler where images may come from, who may read answers and what the classes are called", async () => {
    const resources = await deploy(
      {
        corsOrigins: ["https://example.com", "*"],
        images: { hosts: ["images.example.com", "*.example.org"], buckets: ["acme-uploads"], maxBatch: 4 },
      },
      { model: { name: "breeds", classes: 2, labels: ["Akita", "Beagle"] } },
    );

    const fn = only(resources, functionType);
    const { maxBatch, allowedOrigins, imageHosts, imageBuckets, classLabels } = readSettings(
      fn.inputs.environment.variables,
    );
    assert.deepEqual(
      [maxBatch, allowedOrigins, imageHosts, imageBuckets, classLabels],
      [
        4,
        ["https://example.com", "*"],
        ["images.example.com", "*.example.org"],
        ["acme-uploads"],
        "labels.json",
      ],
    );
    const { assets } = await fn.inputs.code;
    const labels = readFileSync(await (await assets)["labels.json"].path, "utf8");
    assert.deepEqual(JSON.parse(labels), ["Akita", "Beagle"]);
  });

  it("may invoke exactly one endpoint and write its own log streams", async () => {
    const { Statement } = JSON.parse(only(await deploy(), "aws:iam/rolePolicy:RolePolicy").inputs.policy);

    assert.deepEqual(
      Statement.map(({ Action, Resource }: Record<string, unknown>) => [Action, Resource]),
      [
        [["sagemaker:InvokeEndpoint"], [`arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`]],
        [
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          [`arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${name}:log-stream:*`],
        ],
      ],
    );
  });

  it("is called through an alias on the published version", async () => {
    const resources = await deploy();

    assert.deepEqual(only(resources, aliasType).inputs, {
      name: "live",
      functionName: name,
      functionVersion: "7",
    });
    assert.deepEqual(
      only(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").inputs,
      { functionName: name, qualifier: "live", maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    );
    const { Statement } = JSON.parse(only(resources, "aws:iam/policy:Policy").inputs.policy);
    assert.deepEqual(
      Statement.map(({ Action, Resource }: Record<string, unknown>) => [Action, Resource]),
      [[["lambda:InvokeFunction"], [`arn:aws:lambda:us-east-1:123456789012:function:${name}:live`]]],
    );
  });

  it("keeps a fixed number of environments on the alias, by the function's name", async () => {
    const resources = await deploy({ provisionedConcurrency: { kind: "fixed", count: 3 } });

    assert.deepEqual(countByType(resources), {
      ...bare,
      [provisionedType]: 1,
      "mlops:serving:ProvisionedConcurrency": 1,
    });
    const provisioned = only(resources, provisionedType);
    assert.deepEqual(provisioned.inputs, {
      functionName: name,
      qualifier: "live",
      provisionedConcurrentExecutions: 3,
    });
    // Else a changed count would never arrive.
    assert.deepEqual(provisioned.options.ignoreChanges, []);
  });

  it("leaves the number alone where it follows the use", async () => {
    const resources = await deploy({ provisionedConcurrency: { kind: "autoscaled", min: 2, max: 8 } });

    const provisioned = only(resources, provisionedType);
    assert.equal(provisioned.inputs.provisionedConcurrentExecutions, 2);
    assert.deepEqual(provisioned.options.ignoreChanges, ["provisionedConcurrentExecutions"]);
    const target = only(resources, "aws:appautoscaling/target:Target");
    assert.deepEqual(target.inputs, {
      serviceNamespace: "lambda",
      scalableDimension: "lambda:function:ProvisionedConcurrency",
      resourceId: `function:${name}:live`,
      minCapacity: 2,
      maxCapacity: 8,
    });
    assert.ok(target.dependencies.includes("breeds-function-provisioned-config"));
    assert.deepEqual(
      only(resources, "aws:appautoscaling/policy:Policy").inputs.targetTrackingScalingPolicyConfiguration,
      {
        targetValue: 0.7,
        predefinedMetricSpecification: { predefinedMetricType: "LambdaProvisionedConcurrencyUtilization" },
      },
    );
  });

  it("has a signed address with the configured origins, and the policy for it", async () => {
    const resources = await deploy({ url: { kind: "iam" }, corsOrigins: ["https://example.com"] });

    const { inputs } = only(resources, "aws:lambda/functionUrl:FunctionUrl");
    assert.deepEqual([inputs.authorizationType, inputs.qualifier], ["AWS_IAM", "live"]);
    const { allowOrigins, allowMethods, maxAge } = inputs.cors;
    assert.deepEqual([allowOrigins, allowMethods, maxAge], [["https://example.com"], ["POST"], 3600]);
    assert.match(only(resources, "aws:iam/policy:Policy").inputs.policy, /lambda:InvokeFunctionUrl/);
  });

  it("tells its address, which is none without one", async () => {
    const functionUrl = "https://abc.lambda-url.us-east-1.on.aws/";
    const told: unknown[] = [];
    for (const kind of ["iam", "none"]) {
      await deploy({ url: { kind } }, {}, { "breeds-function-callers-url": { functionUrl } }, ({ url }) => {
        told.push(url);
      });
    }

    const [withOne, without] = told as [pulumi.Output<string>, undefined];
    assert.equal(await promiseOf(withOne), functionUrl);
    assert.equal(without, undefined);
  });

  it("lets a page send and read at its address what it may at a gateway, but for a gateway's key", async () => {
    const resources = await deploy({ url: { kind: "iam" }, corsOrigins: ["https://example.com"] });

    const { allowHeaders, exposeHeaders } = only(resources, "aws:lambda/functionUrl:FunctionUrl").inputs.cors;
    const atGateway = preflightHeaders["access-control-allow-headers"]?.split(", ") ?? [];
    assert.deepEqual(
      allowHeaders,
      atGateway.filter((header) => header !== "x-api-key"),
    );
    const answered = corsHeaders({}, ["*"])["access-control-expose-headers"];
    assert.deepEqual(exposeHeaders, answered?.split(", "));
  });

  it("allows no origin by default", async () => {
    const resources = await deploy({ url: { kind: "iam" } });

    assert.equal("cors" in only(resources, "aws:lambda/functionUrl:FunctionUrl").inputs, false);
  });

  it("lets consumer accounts invoke the alias and nothing else", async () => {
    const resources = await deploy({}, { consumerAccounts: ["111122223333"] });

    assert.deepEqual(
      ofType(resources, permissionType).map(({ inputs }) => inputs),
      [
        {
          function: name,
          qualifier: "live",
          principal: "111122223333",
          statementId: "consumer-111122223333",
          action: "lambda:InvokeFunction",
        },
      ],
    );
  });

  it("lets consumer accounts use the address too where there is one", async () => {
    const resources = await deploy({ url: { kind: "iam" } }, { consumerAccounts: ["111122223333"] });

    const grant = { function: name, qualifier: "live", principal: "111122223333" };
    assert.deepEqual(
      ofType(resources, permissionType).map(({ inputs }) => inputs),
      [
        { ...grant, statementId: "consumer-111122223333", action: "lambda:InvokeFunction" },
        {
          ...grant,
          statementId: "consumer-111122223333-url",
          action: "lambda:InvokeFunctionUrl",
          functionUrlAuthType: "AWS_IAM",
        },
      ],
    );
  });

  it("reports to the topic", async () => {
    const alarms = ofType(
      await deploy({}, { topicArn: "arn:topic" }),
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    );

    assert.deepEqual(
      alarms.map(({ inputs }) => [inputs.name, inputs.metricName, inputs.alarmActions]),
      [
        [`${name}-function-errors`, "Errors", ["arn:topic"]],
        [`${name}-function-misconfigured`, "Misconfigured", ["arn:topic"]],
        [`${name}-function-throttles`, "Throttles", ["arn:topic"]],
      ],
    );
  });

  it("keeps failed asynchronous calls in an encrypted queue that it may send to, and tells of the first", async () => {
    const resources = await deploy(
      { asynchronous: { kind: "queue", retries: 1, maxAgeSeconds: 600 } },
      { topicArn: "arn:topic" },
    );

    const { variables } = only(resources, "aws:lambda/function:Function").inputs.environment;
    assert.equal(variables.FAIL_ON_ERROR, "true");
    const queueArn = `arn:aws:sqs:us-east-1:123456789012:${name}-failed-calls`;
    assert.deepEqual(only(resources, "aws:sqs/queue:Queue").inputs, {
      name: `${name}-failed-calls`,
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
    const config = only(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    const { destinationConfig, ...limits } = config.inputs;
    assert.deepEqual(limits, {
      functionName: name,
      qualifier: "live",
      maximumRetryAttempts: 1,
      maximumEventAgeInSeconds: 600,
    });
    assert.ok(destinationConfig.onFailure.destination !== undefined);
    assert.ok(config.dependencies.includes("breeds-function-role-permissions"), String(config.dependencies));
    const { Statement } = JSON.parse(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy);
    assert.deepEqual(
      Statement.filter(({ Sid }: { Sid: string }) => Sid === "KeepFailedCalls").map(
        ({ Resource }: { Resource: string[] }) => Resource,
      ),
      [[queueArn]],
    );
    const alarm = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").find(
      ({ inputs }) => inputs.namespace === "AWS/SQS",
    );
    assert.deepEqual(
      [alarm?.inputs.dimensions, alarm?.inputs.alarmActions],
      [{ QueueName: `${name}-failed-calls` }, ["arn:topic"]],
    );
  });

  it("gives a new version a share of the calls while a stable one keeps the others", async () => {
    const resources = await deploy(
      { release: { kind: "canary", stableVersion: "6", percent: 10 } },
      { topicArn: "arn:topic" },
    );

    assert.deepEqual(only(resources, aliasType).inputs, {
      name: "live",
      functionName: name,
      functionVersion: "6",
      routingConfig: { additionalVersionWeights: { 7: 0.1 } },
    });
    const alarms = ofType(resources, "aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.name.startsWith(`${name}-function-canary`))
      .map(({ inputs: { namespace, metricName, dimensions, alarmActions } }) => [
        `${namespace} ${metricName}`,
        dimensions,
        alarmActions,
      ]);
    assert.deepEqual(alarms, [
      [
        "AWS/Lambda Errors",
        { FunctionName: name, Resource: `${name}:live`, ExecutedVersion: "7" },
        ["arn:topic"],
      ],
      ["sagemaker-ops Failures", { FunctionName: name, Version: "7" }, ["arn:topic"]],
    ]);
  });

  it("tries nothing while the stable version is the newest", async () => {
    const resources = await deploy({ release: { kind: "canary", stableVersion: "7", percent: 10 } });

    const { functionVersion, routingConfig } = only(resources, aliasType).inputs;
    assert.deepEqual([functionVersion, routingConfig], ["7", { additionalVersionWeights: {} }]);
  });

  it("lets a service call the alias for one resource of this account", async () => {
    const sourceArn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*/POST/classify";
    const resources = await deploy({ serviceCallers: [{ service: "apigateway", sourceArn }] });

    assert.deepEqual(only(resources, permissionType).inputs, {
      function: name,
      qualifier: "live",
      statementId: "apigateway-1",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn,
      sourceAccount: "123456789012",
    });
  });

  it("tells services and their resources apart, each by a statement of its own", async () => {
    const resources = await deploy({
      serviceCallers: ["uploads", "nightly"].map((rule) => ({
        service: "events",
        sourceArn: `arn:aws:events:us-east-1:123456789012:rule/${rule}`,
      })),
    });

    assert.deepEqual(
      ofType(resources, permissionType).map(({ inputs }) => [inputs.statementId, inputs.sourceArn]),
      [
        ["events-1", "arn:aws:events:us-east-1:123456789012:rule/uploads"],
        ["events-2", "arn:aws:events:us-east-1:123456789012:rule/nightly"],
      ],
    );
  });

  it("refuses callers of other accounts, which its permission could never match", async () => {
    const arn = (account: string) => `arn:aws:events:us-east-1:${account}:rule/uploads`;
    const at = (accountId: string, ...accounts: string[]) =>
      deploy(
        { serviceCallers: accounts.map((account) => ({ service: "events", sourceArn: arn(account) })) },
        { context: { ...context, place: { ...context.place, accountId } } },
      );

    await assert.rejects(at("210987654321", "210987654321", "111122223333", "444455556666"), {
      message:
        `The function ${name} is in the account 210987654321, and its serviceCallers name ${arn("111122223333")}, ` +
        `${arn("444455556666")}. Allowed are resources of 210987654321: name one of them, or let another account's callers in by ` +
        "contract.consumerAccounts.",
    });
    assert.equal(ofType(await at("210987654321", "210987654321"), permissionType).length, 1);
    // A plan without credentials is made in the account of AWS's documentation.
    assert.equal(ofType(await at("123456789012", "210987654321"), permissionType).length, 1);
  });

  it("tells in its alarms that errors stand for answers too, where asynchronous calls are kept", async () => {
    const descriptions = async (asynchronous: Record<string, unknown>) =>
      ofType(
        await deploy({ asynchronous, release: { kind: "canary", stableVersion: "6", percent: 10 } }),
        "aws:cloudwatch/metricAlarm:MetricAlarm",
      )
        .filter(({ inputs }) => inputs.metricName === "Errors")
        .map(({ inputs }) => inputs.alarmDescription.includes("429") as boolean);

    assert.deepEqual(await descriptions({ kind: "drop" }), [false, false]);
    assert.deepEqual(await descriptions({ kind: "queue" }), [true, true]);
  });

  it("traces by itself when it is told to, and may", async () => {
    const resources = await deploy({ tracing: "active" });

    assert.deepEqual(only(resources, functionType).inputs.tracingConfig, { mode: "Active" });
    assert.match(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy, /xray:PutTraceSegments/);
  });

  it("reads the buckets that requests may name, with the key where there is one", async () => {
    const resources = await deploy({ images: { buckets: ["acme-uploads"] } }, { keyArn: "arn:key" });

    const { Statement } = JSON.parse(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy);
    assert.deepEqual(
      Statement.map(({ Sid, Resource }: Record<string, unknown>) => [Sid, Resource]).filter(
        ([sid]: [string]) => sid === "ReadImages" || sid === "DecryptWithKey",
      ),
      [
        ["DecryptWithKey", ["arn:key"]],
        ["ReadImages", ["arn:aws:s3:::acme-uploads/*"]],
      ],
    );
  });
});
