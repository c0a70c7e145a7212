import * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { renderPolicy } from "../iam/document";
import { keyPolicy, type TopicPublisher } from "../iam/key-policy";
import { lifecycleRules } from "../rules/bucket-lifecycle";
import type { StackContext } from "./context";
import { SecureBucket } from "./secure-bucket";

export interface DataStoreArgs {
  readonly context: StackContext;
  /** The configuration's section; its defaults are described there. */
  readonly storage: StackConfig["storage"];
  /** Log groups that are encrypted with the stack's key, by exact name. Only read where there is a key. @default [] */
  readonly encryptedLogGroupNames?: readonly string[];
  /** AWS services that publish to topics encrypted with the key. Only read where there is a key. @default [] */
  readonly topicPublishers?: readonly TopicPublisher[];
}

/** Images, job output and promoted models: a bucket each, since each has other writers and another lifetime. */
export class DataStore extends pulumi.ComponentResource {
  readonly dataBucketName: pulumi.Output<string>;
  readonly outputBucketName: pulumi.Output<string>;
  readonly modelsBucketName: pulumi.Output<string>;
  /** ARN of the stack's own key; undefined where `storage.encryption` is `s3`. */
  readonly keyArn: pulumi.Output<string> | undefined;
  /** What a reader or writer of the buckets waits for, so that it meets policy and encryption in force. */
  readonly settled: readonly pulumi.Resource[];

  constructor(name: string, args: DataStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:storage:DataStore", name, {}, opts);

    const { context, storage } = args;
    const days = {
      noncurrentVersionDays: storage.noncurrentVersionDays,
      outputExpirationDays: storage.output.expirationDays,
    };
    const child = { parent: this };
    const keyArn = storage.encryption === "kms" ? this.createKey(name, args) : undefined;
    const bucket = (use: "data" | "output" | "models") =>
      new SecureBucket(
        `${name}-${use}`,
        { context, bucketName: storage[use].bucketName, keyArn, lifecycleRules: lifecycleRules(use, days) },
        child,
      );
    const buckets = { data: bucket("data"), output: bucket("output"), models: bucket("models") };

    const logging = storage.accessLogs ? this.logAccess(name, context, days, buckets) : [];

    this.dataBucketName = buckets.data.bucketName;
    this.outputBucketName = buckets.output.bucketName;
    this.modelsBucketName = buckets.models.bucketName;
    this.keyArn = keyArn;
    this.settled = [...Object.values(buckets).map(({ settled }) => settled), ...logging];
    this.registerOutputs({
      dataBucketName: this.dataBucketName,
      outputBucketName: this.outputBucketName,
      modelsBucketName: this.modelsBucketName,
      ...(keyArn === undefined ? {} : { keyArn }),
    });
  }

  /** One key for everything: who may decrypt is decided per role, in IAM, where all other permissions are. */
  private createKey(name: string, args: DataStoreArgs): pulumi.Output<string> {
    const { naming, place, protect } = args.context;
    // A deleted key takes the contents of a retained bucket with it.
    const retained = { parent: this, protect, retainOnDelete: protect };
    const key = new kms.Key(
      `${name}-key`,
      {
        description: `Buckets, volumes, topics and logs of ${naming.project} ${naming.environment}`,
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: protect ? 30 : 7,
        policy: renderPolicy(
          keyPolicy({
            place,
            logGroupNames: args.encryptedLogGroupNames ?? [],
            topicPublishers: args.topicPublishers ?? [],
          }),
          "key",
        ),
      },
      retained,
    );
    // Not retained with the key: the name is unique in the account, and the next deployment of this environment wants it.
    new kms.Alias(
      `${name}-key-alias`,
      { name: `alias/${naming.project}-${naming.environment}`, targetKeyId: key.keyId },
      { parent: this },
    );
    return key.arn;
  }

  private logAccess(
    name: string,
    context: StackContext,
    days: Parameters<typeof lifecycleRules>[1],
    buckets: Readonly<Record<string, SecureBucket>>,
  ): s3.BucketLogging[] {
    const logs = new SecureBucket(
      `${name}-logs`,
      {
        context,
        lifecycleRules: lifecycleRules("logs", days),
        logsOf: pulumi.all(Object.values(buckets).map(({ bucketName }) => bucketName)),
      },
      { parent: this },
    );
    return Object.entries(buckets).map(
      ([use, bucket]) =>
        new s3.BucketLogging(
          `${name}-${use}-logging`,
          { bucket: bucket.bucketName, targetBucket: logs.bucketName, targetPrefix: `${use}/` },
          { parent: this, retainOnDelete: context.protect, dependsOn: [bucket.settled, logs.settled] },
        ),
    );
  }
}
