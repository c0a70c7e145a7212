import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { InferenceEndpoint, type InferenceEndpointArgs } from "../../infra/components/inference-endpoint";
import { countByType, type MockSettings, only, recordResources } from "../support/mocks";
import { breeds, context, endpointConfig, servingImage, servingSamples } from "../support/serving";

const modelType = "aws:sagemaker/model:Model";
const configType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const endpointType = "aws:sagemaker/endpoint:Endpoint";
const endpointName = "sagemaker-ops-test-breeds";
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/1";

/** SageMaker answers with the configuration that it was given, unless a test says otherwise. */
async function deploy(
  serving: Record<string, unknown>,
  rest: Record<string, unknown> = {},
  overrides: Partial<InferenceEndpointArgs> = {},
  settings: MockSettings = {},
) {
  const config = endpointConfig(serving, rest);
  let endpoint: InferenceEndpoint | undefined;
  const resources = await recordResources(() => {
    endpoint = new InferenceEndpoint("breeds", {
      context,
      endpointName,
      model: breeds,
      image: servingImage,
      serving: config.serving,
      capture: config.capture,
      isolation: config.isolation,
      logRetentionDays: config.logRetentionDays,
      modelsBucketName: "models-bucket",
      outputBucketName: "output-bucket",
      rollbackAlarmNames: [`${endpointName}-latency`, `${endpointName}-errors`],
      ...overrides,
    });
  }, settings);
  if (endpoint === undefined) throw new Error("nothing was deployed");
  return { resources, endpoint };
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("InferenceEndpoint", () => {
  it("makes a log group, a role, a model, a configuration and an endpoint", async () => {
    const { resources } = await deploy(servingSamples.instances);

    assert.deepEqual(countByType(resources), {
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      [modelType]: 1,
      [configType]: 1,
      [endpointType]: 1,
      "mlops:iam:ServiceRole": 1,
      "mlops:serving:InferenceEndpoint": 1,
      // What tells a later run whether the endpoint was made with rollback alarms.
      "pulumi:index:Stash": 1,
    });
    assert.deepEqual(only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs, {
      name: `/aws/sagemaker/Endpoints/${endpointName}`,
      retentionInDays: 30,
    });
  });

  it("serves the artifact of the digest, isolated, from an image of the instance's kind", async () => {
    const { resources } = await deploy(servingSamples.instances);

    assert.deepEqual(only(resources, modelType).inputs, {
      executionRoleArn: "arn:aws:iam::123456789012:role/breeds-role",
      enableNetworkIsolation: true,
      primaryContainer: {
        image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/ray:serve-ml-sagemaker-cpu-v1.4",
        modelDataUrl: `s3://models-bucket/models/${breeds.digest}/model.tar.gz`,
        environment: { MODEL_NAME: "breeds", MODEL_SHA256: breeds.digest },
      },
    });
  });

  it("gives model and configuration no name and keeps what was in use; the endpoint alone has a fixed name", async () => {
    const { resources } = await deploy(servingSamples.instances);
    const [model, config, endpoint] = [
      only(resources, modelType),
      only(resources, configType),
      only(resources, endpointType),
    ];

    for (const { inputs, options } of [model, config]) {
      assert.equal("name" in inputs || "namePrefix" in inputs, false);
      assert.equal(options.retainOnDelete, true);
    }
    assert.equal(endpoint.inputs.name, endpointName);
    assert.equal(endpoint.inputs.endpointConfigName, "breeds-config");
    assert.deepEqual(endpoint.options, {
      protect: true,
      retainOnDelete: false,
      deleteBeforeReplace: false,
      ignoreChanges: [],
      replaceOnChanges: [],
    });
    // Of a model's network the provider may think that it could be changed in place.
    assert.deepEqual(
      [model, config].map(({ options }) => [options.replaceOnChanges, options.deleteBeforeReplace]),
      [
        [["vpcConfig"], false],
        [[], false],
      ],
    );
  });

  it("shows a new model to the model alone: the endpoint's own inputs stay as they are", async () => {
    const before = await deploy(servingSamples.instances);
    const after = await deploy(
      servingSamples.instances,
      {},
      { model: { name: "breeds", digest: "ef".repeat(32) } },
    );
    const changed = after.resources
      .filter(({ name, inputs }, index) => {
        const old = before.resources[index];
        return old?.name !== name || JSON.stringify(old.inputs) !== JSON.stringify(inputs);
      })
      .map(({ name }) => name);

    assert.deepEqual(changed, ["breeds-model"]);
  });

  it("waits for the log group and for the role's permissions", async () => {
    const { resources } = await deploy(servingSamples.instances);

    const { dependencies } = only(resources, endpointType);
    assert.ok(dependencies.includes("breeds-logs"), String(dependencies));
    assert.ok(dependencies.includes("breeds-role-permissions"), String(dependencies));
    assert.ok(only(resources, modelType).dependencies.includes("breeds-role-permissions"));
  });

  it("is not protected where the environment may be destroyed", async () => {
    const { resources } = await deploy(
      servingSamples.instances,
      {},
      { context: { ...context, protect: false } },
    );

    assert.equal(only(resources, endpointType).options.protect, false);
    assert.equal(only(resources, configType).options.retainOnDelete, true);
  });

  it("sends rollback alarms from the endpoint's creation", async () => {
    const { resources } = await deploy(servingSamples.instances);

    assert.deepEqual(only(resources, endpointType).inputs.deploymentConfig, {
      autoRollbackConfiguration: {
        alarms: [{ alarmName: `${endpointName}-latency` }, { alarmName: `${endpointName}-errors` }],
      },
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 300 },
        terminationWaitInSeconds: 120,
        maximumExecutionTimeoutInSeconds: 1320,
      },
    });
  });

  it("notes whether a protected endpoint has rollback alarms, and nothing where it may be replaced", async () => {
    const noteOf = async (serving: Record<string, unknown>, protect: boolean) => {
      const { resources } = await deploy(serving, {}, { context: { ...context, protect } });
      return resources.filter(({ type }) => type === "pulumi:index:Stash").map(({ inputs }) => inputs);
    };

    assert.deepEqual(await noteOf(servingSamples.instances, true), [{ input: "watched" }]);
    assert.deepEqual(await noteOf(servingSamples.serverless, true), [{ input: "none" }]);
    assert.deepEqual(await noteOf(servingSamples.instances, false), []);
  });

  for (const preview of [true, false]) {
    it(`registers no endpoint that was noted otherwise, in ${preview ? "a preview" : "an update"}`, async () => {
      const settings = { preview, outputs: { "breeds-rollback-alarms": { output: "none" } } };

      await assert.rejects(
        deploy(servingSamples.instances, {}, {}, settings),
        /Rollback alarms cannot be added to endpoint sagemaker-ops-test-breeds\./,
      );
    });
  }

  it("sends no deployment configuration, image host or network for a serverless endpoint", async () => {
    const { resources } = await deploy(
      servingSamples.serverless,
      {},
      { network: { subnetIds: ["subnet-1"], securityGroupId: "sg-1" } },
    );

    assert.equal("deploymentConfig" in only(resources, endpointType).inputs, false);
    assert.equal("vpcConfig" in only(resources, modelType).inputs, false);
    assert.equal(only(resources, modelType).inputs.enableNetworkIsolation, false);
    assert.deepEqual(only(resources, configType).inputs, {
      productionVariants: [
        {
          variantName: "AllTraffic",
          modelName: "breeds-model",
          initialVariantWeight: 1,
          serverlessConfig: { memorySizeInMb: 3072, maxConcurrency: 10 },
        },
      ],
    });
    assert.doesNotMatch(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy, /NetworkInterface/);
  });

  it("encrypts, captures outputs and joins the network when told", async () => {
    const { resources } = await deploy(
      { ...servingSamples.instances, volumeEncryption: "kms" },
      { capture: { kind: "outputs", samplingPercent: 10 }, logRetentionDays: 90 },
      { keyArn, network: { subnetIds: ["subnet-1", "subnet-2"], securityGroupId: "sg-1" } },
    );

    const config = only(resources, configType).inputs;
    assert.equal(config.kmsKeyArn, keyArn);
    assert.deepEqual(config.dataCaptureConfig, {
      enableCapture: true,
      initialSamplingPercentage: 10,
      destinationS3Uri: `s3://output-bucket/capture/${endpointName}`,
      captureOptions: [{ captureMode: "Output" }],
      captureContentTypeHeader: { jsonContentTypes: ["application/json"] },
      kmsKeyId: keyArn,
    });
    assert.deepEqual(only(resources, modelType).inputs.vpcConfig, {
      subnets: ["subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
    });
    assert.deepEqual(only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs, {
      name: `/aws/sagemaker/Endpoints/${endpointName}`,
      retentionInDays: 90,
      kmsKeyId: keyArn,
    });
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy;
    for (const wanted of [`capture/${endpointName}/`, "subnet/subnet-2", keyArn, "models-bucket/models/"])
      assert.ok(policy.includes(wanted), `${wanted} in ${policy}`);
  });

  it("copies a share of the requests to a shadow with a model of its own", async () => {
    const shadowDigest = "cd".repeat(32);
    const { resources } = await deploy(
      {
        ...servingSamples.instances,
        shadow: { model: "next", instanceType: "ml.g4dn.xlarge", samplingPercent: 25 },
      },
      {},
      { shadowModel: { name: "next", digest: shadowDigest } },
    );

    assert.deepEqual(only(resources, configType).inputs.shadowProductionVariants, [
      {
        variantName: "Shadow",
        modelName: "breeds-shadow-model",
        initialVariantWeight: 0.25,
        instanceType: "ml.g4dn.xlarge",
        initialInstanceCount: 1,
        modelDataDownloadTimeoutInSeconds: 600,
        containerStartupHealthCheckTimeoutInSeconds: 300,
        inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-3-1",
      },
    ]);
    const { primaryContainer } = only(resources, modelType, "breeds-shadow-model").inputs;
    assert.match(primaryContainer.image, /serve-ml-sagemaker-cuda/);
    assert.equal(primaryContainer.environment.MODEL_SHA256, shadowDigest);
  });

  it("refuses a shadow without a promoted model", async () => {
    await assert.rejects(
      deploy({ ...servingSamples.instances, shadow: { model: "next", instanceType: "ml.m5.large" } }),
      /sagemaker-ops-test-breeds has a shadow without a promoted model/,
    );
  });

  it("puts answers and failures of an asynchronous endpoint where its role may write", async () => {
    const { resources } = await deploy(servingSamples.async, {}, { keyArn });

    assert.deepEqual(only(resources, configType).inputs.asyncInferenceConfig, {
      clientConfig: { maxConcurrentInvocationsPerInstance: 4 },
      outputConfig: {
        s3OutputPath: `s3://output-bucket/async/${endpointName}/output`,
        s3FailurePath: `s3://output-bucket/async/${endpointName}/failure`,
        kmsKeyId: keyArn,
      },
    });
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy;
    assert.ok(policy.includes(`arn:aws:s3:::output-bucket/async/${endpointName}/output/*`), policy);
  });

  it("tells the digest and the logs once the wanted configuration answers", async () => {
    const { endpoint } = await deploy(servingSamples.instances);

    assert.equal(await resolved(endpoint.modelDigest), breeds.digest);
    assert.equal(
      endpoint.logsUrl,
      `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252F${endpointName}`,
    );
  });

  const rolledBack: MockSettings = {
    outputs: { "breeds-endpoint": { endpointConfigName: "breeds-config-old" } },
  };

  it("fails the update when SageMaker has gone back to the old configuration", async () => {
    await assert.rejects(deploy(servingSamples.instances, {}, {}, rolledBack), (error: Error) => {
      assert.match(error.message, /rolled the update of endpoint sagemaker-ops-test-breeds back/);
      assert.match(
        error.message,
        /configuration breeds-config-old\. Wanted: breeds-config, model sha256 (?:ab){32}/,
      );
      assert.match(error.message, /pulumi up --refresh/);
      assert.equal(error.stack, "", "a stack would be inspected by the runner, at great cost");
      return true;
    });
  });

  it("does not fail a preview, in which nothing has been updated yet", async () => {
    await deploy(servingSamples.instances, {}, {}, { ...rolledBack, preview: true });
  });
});
