import { LogGroup } from "@pulumi/aws/cloudwatch";
import { Endpoint, EndpointConfiguration, Model } from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { EndpointConfig, ServingConfig } from "../config/schema/stack";
import { servingRole } from "../iam/roles";
import { serviceTrust } from "../iam/trust";
import { deploymentConfig } from "../rules/deployment-config";
import { type ImageConfig, imageUri, usesGpu } from "../rules/images";
import { artifactKey, endpointLogGroupName } from "../rules/naming";
import { logsUrl } from "../rules/rollback-guard";
import {
  asyncInference,
  containerEnvironment,
  dataCapture,
  productionVariant,
  shadowVariant,
} from "../rules/variants";
import { applyInput } from "./apply-input";
import type { StackContext } from "./context";
import { digestUnlessRolledBack, nameUnlessRefused } from "./endpoint-guards";
import { ServiceRole } from "./service-role";

/** A promoted model. */
export interface ServedModel {
  /** Name in the configuration. */
  readonly name: string;
  /** SHA-256 of the artifact, 64 hexadecimal digits. */
  readonly digest: string;
}

export interface InferenceEndpointArgs {
  readonly context: StackContext;
  /** Physical name. Changing it replaces the endpoint. */
  readonly endpointName: string;
  readonly model: ServedModel;
  /** Model of `serving.shadow`; required with it. @default - no shadow */
  readonly shadowModel?: ServedModel | undefined;
  readonly image: ImageConfig;
  readonly serving: ServingConfig;
  readonly capture: EndpointConfig["capture"];
  readonly isolation: EndpointConfig["isolation"];
  /** Days that the containers' logs are kept. */
  readonly logRetentionDays: number;
  readonly modelsBucketName: pulumi.Input<string>;
  readonly outputBucketName: pulumi.Input<string>;
  /** The stack's key. @default - S3 and SageMaker encrypt with keys of their own */
  readonly keyArn?: pulumi.Input<string> | undefined;
  /** Where the containers' network interfaces lie; not for serverless. @default - AWS-managed networking */
  readonly network?:
    | {
        readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
        readonly securityGroupId: pulumi.Input<string>;
      }
    | undefined;
  /** 1 to 10 alarms that a rollout rolls back on; not used by serverless endpoints. */
  readonly rollbackAlarmNames: readonly pulumi.Input<string>[];
}

/**
 * One endpoint with its model, configuration, role and log group.
 *
 * A new model or size makes a new model resource and a new configuration, whose generated names are the only change that
 * an endpoint sees: it is updated in place and never replaced. What it used before is kept (`retainOnDelete`), since
 * SageMaker may go back to it, and the `prune` command removes what is no longer used.
 */
export class InferenceEndpoint extends pulumi.ComponentResource {
  readonly endpointName: pulumi.Output<string>;
  readonly endpointArn: pulumi.Output<string>;
  /** Digest of the model that answers. Fails after an update that SageMaker has rolled back. */
  readonly modelDigest: pulumi.Output<string>;
  /** Console page of the containers' logs. */
  readonly logsUrl: string;

  constructor(name: string, args: InferenceEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:InferenceEndpoint", name, {}, opts);
    const { context, endpointName, serving, model, keyArn } = args;
    const { place } = context;
    const logGroupName = endpointLogGroupName(endpointName);
    const parent = { parent: this };

    // First, or SageMaker makes it without retention, and a container that fails at once leaves no trace to find.
    const logGroup = new LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        retentionInDays: args.logRetentionDays,
        ...(keyArn === undefined ? {} : { kmsKeyId: keyArn }),
      },
      parent,
    );
    const role = this.role(name, args, logGroupName);
    const config = this.configuration(name, args, role);

    const deployment = deploymentConfig(serving, args.rollbackAlarmNames);
    const wanted = deployment?.autoRollbackConfiguration === undefined ? "none" : "watched";
    const endpoint = new Endpoint(
      `${name}-endpoint`,
      {
        name: nameUnlessRefused(name, { endpointName, wanted, protect: context.protect }, parent),
        endpointConfigName: config.name,
        ...(deployment === undefined ? {} : { deploymentConfig: deployment }),
      },
      {
        ...parent,
        protect: context.protect,
        dependsOn: [logGroup, role.policy],
        // A rollout may take its whole execution time (4 h at most), and then as long to go back.
        customTimeouts: { create: "90m", update: "9h", delete: "60m" },
      },
    );

    this.endpointName = endpoint.name;
    this.endpointArn = endpoint.arn;
    this.logsUrl = logsUrl(place, logGroupName);
    this.modelDigest = digestUnlessRolledBack({
      endpointName,
      endpoint,
      config,
      wantedDigest: model.digest,
      place,
    });
    this.registerOutputs({
      endpointName: this.endpointName,
      endpointArn: this.endpointArn,
      modelDigest: this.modelDigest,
      logsUrl: this.logsUrl,
    });
  }

  private role(name: string, args: InferenceEndpointArgs, logGroupName: string): ServiceRole {
    const { context, endpointName, serving, image, capture } = args;
    const { modelsBucketName, outputBucketName, keyArn } = args;
    return new ServiceRole(
      `${name}-role`,
      {
        description: `Model of the endpoint ${endpointName}`,
        trust: serviceTrust("sagemaker", context.place),
        permissions: pulumi
          .output({ modelsBucketName, outputBucketName, keyArn, network: inNetwork(args) })
          .apply(
            (known) =>
              servingRole({
                ...known,
                place: context.place,
                endpointName,
                logGroupName,
                image,
                captures: capture.kind !== "none",
                asynchronous: serving.kind === "async",
                encryptsVolumes: serving.kind !== "serverless" && serving.volumeEncryption === "kms",
              }).permissions,
          ),
      },
      { parent: this },
    );
  }

  private configuration(name: string, args: InferenceEndpointArgs, role: ServiceRole): EndpointConfiguration {
    const { endpointName, serving, shadowModel, capture, keyArn, outputBucketName } = args;
    const model = this.model(`${name}-model`, args, args.model, role, serving);
    const toOutputBucket = <T>(write: (bucket: string, key: string | undefined) => T): pulumi.Output<T> =>
      pulumi.all([outputBucketName, keyArn]).apply(([bucket, key]) => write(bucket, key));
    const shadow = serving.kind === "instances" ? serving.shadow : undefined;
    if (shadow !== undefined && shadowModel === undefined)
      throw new Error(
        `Endpoint ${endpointName} has a shadow without a promoted model: pass shadowModel, or leave the shadow out.`,
      );

    return new EndpointConfiguration(
      `${name}-config`,
      {
        productionVariants: [productionVariant<pulumi.Input<string>>(serving, model.name)],
        ...(serving.kind !== "instances" || shadow === undefined || shadowModel === undefined
          ? {}
          : {
              shadowProductionVariants: [
                shadowVariant<pulumi.Input<string>>(
                  serving,
                  shadow,
                  this.model(`${name}-shadow-model`, args, shadowModel, role, shadow).name,
                ),
              ],
            }),
        ...(keyArn !== undefined && serving.kind !== "serverless" && serving.volumeEncryption === "kms"
          ? { kmsKeyArn: keyArn }
          : {}),
        ...(capture.kind === "none"
          ? {}
          : {
              dataCaptureConfig: toOutputBucket((bucket, key) =>
                dataCapture(capture, endpointName, bucket, key),
              ),
            }),
        ...(serving.kind !== "async"
          ? {}
          : {
              asyncInferenceConfig: toOutputBucket((bucket, key) =>
                asyncInference(serving, endpointName, bucket, key),
              ),
            }),
      },
      { parent: this, retainOnDelete: true },
    );
  }

  private model(
    name: string,
    args: InferenceEndpointArgs,
    { name: modelName, digest }: ServedModel,
    role: ServiceRole,
    hosted: ServingConfig | { readonly instanceType: string },
  ): Model {
    const { context, image, isolation, modelsBucketName } = args;
    const network = inNetwork(args);
    const gpu = "instanceType" in hosted && usesGpu("hosting", hosted.instanceType);
    return new Model(
      name,
      {
        executionRoleArn: role.arn,
        enableNetworkIsolation: isolation.kind === "isolated",
        primaryContainer: {
          image: imageUri(context.place, image, gpu),
          modelDataUrl: applyInput(modelsBucketName, (bucket) => `s3://${bucket}/${artifactKey(digest)}`),
          environment: containerEnvironment(modelName, digest),
        },
        ...(network === undefined
          ? {}
          : { vpcConfig: { subnets: network.subnetIds, securityGroupIds: [network.securityGroupId] } }),
      },
      {
        parent: this,
        retainOnDelete: true,
        dependsOn: [role.policy],
        // Providers before 6.27 take other subnets for an update, and change nothing (hashicorp/terraform-provider-aws#45490).
        replaceOnChanges: ["vpcConfig"],
      },
    );
  }
}

/** Serverless endpoints take no VPC configuration (https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html). */
function inNetwork({ serving, network }: InferenceEndpointArgs): InferenceEndpointArgs["network"] {
  if (serving.kind === "serverless" || network === undefined) return undefined;
  // Only these two: outputs inside a component, as `Network` is one, would stay unresolved.
  return { subnetIds: network.subnetIds, securityGroupId: network.securityGroupId };
}
