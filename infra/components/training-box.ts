import * as ec2 from "@pulumi/aws/ec2";
import { InstanceProfile } from "@pulumi/aws/iam";
import { BucketObjectv2 } from "@pulumi/aws/s3";
import { getParameterOutput } from "@pulumi/aws/ssm";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { trainingBoxRole } from "../iam/roles";
import { amiParameterName } from "../rules/box-image";
import { boxSettings, boxSettingsKey } from "../rules/box-scripts";
import { boxUserData } from "../rules/box-user-data";
import { physicalName } from "../rules/naming";
import type { StackContext } from "./context";
import type { DataStore } from "./data-store";
import type { Network } from "./network";
import { ServiceRole } from "./service-role";
import type { TrainingCode } from "./training-code";

export interface TrainingBoxArgs {
  readonly context: StackContext;
  /** The configuration's section; its defaults are described there. */
  readonly box: NonNullable<StackConfig["trainingBox"]>;
  /** Where images and weights lie in the data bucket. */
  readonly storage: Pick<StackConfig["storage"], "data">;
  readonly dataStore: DataStore;
  readonly code: TrainingCode;
  /**
   * Network to live in. Adding, removing or changing it replaces the box, volume included.
   * @default - the account's default VPC, with a public address to reach AWS and no open port
   */
  readonly network?: Network | undefined;
}

/** An EC2 box from the Deep Learning AMI that runs the same training package as the jobs. */
export class TrainingBox extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** Its tag `Name`. */
  readonly instanceName: string;
  /** Image that the box was made from; it stays, whatever AWS publishes. */
  readonly amiPinned: pulumi.Output<string>;
  /** Image that a box made today would get. */
  readonly amiLatest: pulumi.Output<string>;

  constructor(name: string, args: TrainingBoxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:development:TrainingBox", name, {}, opts);

    const { context, box, dataStore, network } = args;
    const { naming, place } = context;
    const child = { parent: this };
    const physical = physicalName(naming, "training-box");
    this.instanceName = physical;
    const spot = box.market.kind === "spot";

    const role = this.role(name, args);
    const profile = new InstanceProfile(`${name}-profile`, { role: role.name }, child);
    const settings = this.settings(name, args);
    const latest =
      box.ami.kind === "id"
        ? pulumi.output(box.ami.amiId)
        : // A public parameter: the plain value, not the one that Pulumi would treat as a secret.
          getParameterOutput({ name: amiParameterName(box.instanceType, box.ami.amiType) }, child)
            .insecureValue;

    const instance = new ec2.Instance(
      name,
      {
        ami: latest,
        instanceType: box.instanceType,
        iamInstanceProfile: profile.name,
        ...(network === undefined
          ? // In the default VPC an address is the only way out, to S3 and Session Manager; the group lets nobody in.
            { associatePublicIpAddress: true }
          : { subnetId: network.subnetIds.apply((ids) => ids[0] ?? ""), associatePublicIpAddress: false }),
        vpcSecurityGroupIds: [
          this.securityGroup(name, args).id,
          ...(network === undefined ? [] : [network.securityGroupId]),
        ],
        ...(box.access.kind === "ssh" ? { keyName: box.access.keyName } : {}),
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: box.rootVolumeGiB,
          encrypted: true,
          // EC2 Spot starts instances again with a service-linked role that knows AWS's key and not the stack's.
          ...(dataStore.keyArn === undefined || spot ? {} : { kmsKeyId: dataStore.keyArn }),
          deleteOnTermination: true,
          // Not `volumeTags`: those would leave out the provider's default tags, and with them the budget.
          tags: { Name: physical },
        },
        // The idle shutdown, and whoever types `shutdown`, must not lose the volume.
        instanceInitiatedShutdownBehavior: "stop",
        ...(box.market.kind === "spot"
          ? {
              instanceMarketOptions: {
                marketType: "spot",
                spotOptions: {
                  // Only a persistent request can stop, and keep its volume, where others terminate.
                  spotInstanceType: "persistent",
                  instanceInterruptionBehavior: "stop",
                  ...(box.market.maxHourlyUsd === undefined
                    ? {}
                    : { maxPrice: String(box.market.maxHourlyUsd) }),
                },
              },
            }
          : {}),
        userData: dataStore.outputBucketName.apply((outputBucketName) =>
          boxUserData({
            region: place.region,
            outputBucketName,
            idleShutdownMinutes: box.idleShutdownMinutes,
          }),
        ),
        userDataReplaceOnChange: false,
        // The policy pack asks every GPU instance when it stops.
        tags: { Name: physical, "idle-stop": `${box.idleShutdownMinutes} min` },
      },
      {
        parent: this,
        dependsOn: [
          role.policy,
          settings,
          args.code.object,
          ...dataStore.settled,
          ...(network?.settled ?? []),
        ],
        // AWS publishes an image every few weeks, and each would replace the box and its volume. An image named in the
        // configuration is a decision, and does. User data runs once, at the first start: a later one would change
        // nothing and yet stop the box in the middle of its work.
        ignoreChanges: box.ami.kind === "deep-learning" ? ["ami", "userData"] : ["userData"],
      },
    );

    this.instanceId = instance.id;
    this.amiPinned = instance.ami;
    this.amiLatest = latest;
    this.registerOutputs({
      instanceId: this.instanceId,
      amiPinned: this.amiPinned,
      amiLatest: this.amiLatest,
    });
  }

  private role(name: string, { context, storage, dataStore }: TrainingBoxArgs): ServiceRole {
    const policies = pulumi
      .all([dataStore.dataBucketName, dataStore.outputBucketName, dataStore.keyArn])
      .apply(([dataBucketName, outputBucketName, keyArn]) =>
        trainingBoxRole({
          place: context.place,
          data: { ...storage.data, bucketName: dataBucketName },
          outputBucketName,
          keyArn,
        }),
      );
    return new ServiceRole(
      `${name}-role`,
      {
        trust: policies.trust,
        permissions: policies.permissions,
        description: `Training box of ${context.naming.environment}`,
      },
      { parent: this },
    );
  }

  private settings(
    name: string,
    { context, box, storage, dataStore, code }: TrainingBoxArgs,
  ): BucketObjectv2 {
    return new BucketObjectv2(
      `${name}-settings`,
      {
        bucket: dataStore.outputBucketName,
        key: boxSettingsKey,
        contentType: "application/json",
        content: pulumi
          .all([dataStore.dataBucketName, dataStore.outputBucketName])
          .apply(([dataBucketName, outputBucketName]) =>
            JSON.stringify(
              boxSettings({
                region: context.place.region,
                codeDigest: code.digest,
                dataBucketName,
                outputBucketName,
                ...storage.data,
                idleShutdownMinutes: box.idleShutdownMinutes,
              }),
            ),
          ),
      },
      { parent: this, dependsOn: [...dataStore.settled] },
    );
  }

  /** Out by HTTPS alone; in by nothing, or by SSH from the addresses that the configuration names. */
  private securityGroup(name: string, { box, network }: TrainingBoxArgs): ec2.SecurityGroup {
    const child = { parent: this };
    const group = new ec2.SecurityGroup(
      `${name}-group`,
      {
        description: "Training box",
        ...(network === undefined ? {} : { vpcId: network.vpcId }),
      },
      child,
    );
    if (network === undefined) {
      new vpc.SecurityGroupEgressRule(
        `${name}-https`,
        {
          securityGroupId: group.id,
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          description: "HTTPS to AWS and to package indexes",
        },
        child,
      );
    }
    const cidrBlocks = box.access.kind === "ssh" ? box.access.cidrBlocks : [];
    for (const cidrBlock of cidrBlocks) {
      new vpc.SecurityGroupIngressRule(
        `${name}-ssh-${cidrBlock.replace(/[./]/g, "-")}`,
        {
          securityGroupId: group.id,
          cidrIpv4: cidrBlock,
          ipProtocol: "tcp",
          fromPort: 22,
          toPort: 22,
          description: "SSH from a named address",
        },
        child,
      );
    }
    return group;
  }
}
