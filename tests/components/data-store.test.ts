import assert from "node:assert/strict";
import { DataStore } from "../../infra/components/data-store";
import { storage } from "../../infra/config/schema/foundation";
import { countByType, ofType, only, type Recorded, recordResources } from "../support/mocks";
import { stackContext } from "../support/stack-context";

const settings = [
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
];

function record(section: unknown = {}, protect = false): Promise<Recorded[]> {
  return recordResources(
    () =>
      new DataStore("storage", {
        context: stackContext(protect),
        storage: storage.parse(section),
        encryptedLogGroupNames: ["/aws/lambda/sagemaker-ops-dev-breeds"],
        topicPublishers: ["cloudwatch"],
      }),
  );
}

function rules(resources: readonly Recorded[], bucket: string): unknown {
  return only(resources, settings[5] ?? "", `storage-${bucket}-lifecycle`).inputs.rules;
}

describe("DataStore", () => {
  it("is three buckets with six settings each, and no key", async () => {
    const resources = await record();

    assert.deepEqual(countByType(resources), {
      "aws:s3/bucket:Bucket": 3,
      ...Object.fromEntries([...settings].sort().map((type) => [type, 3])),
      "mlops:storage:DataStore": 1,
      "mlops:storage:SecureBucket": 3,
    });
    assert.deepEqual(
      ofType(resources, "aws:s3/bucket:Bucket").map(({ name, parent }) => [name, parent]),
      [
        ["storage-data", "storage-data"],
        ["storage-models", "storage-models"],
        ["storage-output", "storage-output"],
      ],
    );
  });

  it("blocks public access, turns ACLs off, keeps versions and encrypts", async () => {
    const resources = await record();

    for (const bucket of ["data", "output", "models"]) {
      const inputs = (type: string, suffix: string) =>
        only(resources, type, `storage-${bucket}-${suffix}`).inputs;
      const name = `storage-${bucket}`;
      assert.deepEqual(inputs(settings[0] ?? "", "public-access-block"), {
        bucket: name,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      assert.deepEqual(inputs(settings[1] ?? "", "ownership"), {
        bucket: name,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
      assert.deepEqual(inputs(settings[3] ?? "", "encryption"), {
        bucket: name,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      });
      assert.deepEqual(inputs(settings[4] ?? "", "versioning"), {
        bucket: name,
        versioningConfiguration: { status: "Enabled" },
      });
    }
  });

  it("refuses whoever comes without TLS", async () => {
    const resources = await record();

    const policy = JSON.parse(only(resources, settings[2] ?? "", "storage-data-policy").inputs.policy);
    assert.deepEqual(
      policy.Statement.map((statement: { Effect: string; Condition: unknown; Resource: unknown }) => [
        statement.Effect,
        statement.Condition,
        statement.Resource,
      ]),
      [
        [
          "Deny",
          { NumericLessThan: { "s3:TlsVersion": "1.2" } },
          ["arn:aws:s3:::storage-data", "arn:aws:s3:::storage-data/*"],
        ],
        [
          "Deny",
          { Bool: { "aws:SecureTransport": "false" } },
          ["arn:aws:s3:::storage-data", "arn:aws:s3:::storage-data/*"],
        ],
      ],
    );
  });

  it("applies the settings of a bucket one after the other, public access first and lifecycle last", async () => {
    const resources = await record();

    const order = ["public-access-block", "ownership", "policy", "encryption", "versioning", "lifecycle"];
    const before = order.map((suffix) => {
      const found = resources.find(({ name }) => name === `storage-data-${suffix}`);
      return found?.dependencies;
    });
    assert.deepEqual(before, [
      ["storage-data"],
      ["storage-data", "storage-data-public-access-block"],
      ["storage-data", "storage-data-ownership"],
      ["storage-data", "storage-data-policy"],
      ["storage-data", "storage-data-encryption"],
      ["storage-data", "storage-data-versioning"],
    ]);
  });

  it("never expires anything in the models bucket, and in the output bucket neither code nor notebooks", async () => {
    const resources = await record({ output: { expirationDays: 14 }, noncurrentVersionDays: 5 });

    assert.deepEqual(rules(resources, "models"), [
      {
        id: "abort-incomplete-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
    const output = rules(resources, "output") as {
      filter: { prefix: string };
      expiration?: { days?: number };
      noncurrentVersionExpiration?: { noncurrentDays: number };
    }[];
    assert.deepEqual(
      output
        .filter(({ expiration }) => expiration?.days !== undefined)
        .map((rule) => [rule.filter, rule.expiration]),
      ["jobs/", "checkpoints/", "box/", "capture/", "async/"].map((prefix) => [{ prefix }, { days: 14 }]),
    );
    assert.deepEqual(
      output.flatMap(({ noncurrentVersionExpiration: noncurrent }) => noncurrent ?? []),
      [{ noncurrentDays: 5 }],
    );
  });

  it("gives everything back on destroy in development: buckets are emptied, nothing is protected", async () => {
    const resources = await record({}, false);

    for (const { inputs, options } of ofType(resources, "aws:s3/bucket:Bucket")) {
      assert.deepEqual(inputs, { forceDestroy: true });
      assert.deepEqual([options.protect, options.retainOnDelete], [false, false]);
    }
  });

  it("keeps buckets, with their settings, and the key where the configuration retains", async () => {
    const resources = await record({ encryption: "kms" }, true);

    for (const { inputs, options } of ofType(resources, "aws:s3/bucket:Bucket")) {
      assert.deepEqual(inputs, { forceDestroy: false });
      assert.deepEqual([options.protect, options.retainOnDelete], [true, true]);
    }
    for (const type of settings) {
      assert.deepEqual(
        ofType(resources, type).map(({ options }) => options.retainOnDelete),
        [true, true, true],
        type,
      );
    }
    const key = only(resources, "aws:kms/key:Key");
    assert.deepEqual([key.options.protect, key.options.retainOnDelete], [true, true]);
    assert.equal(key.inputs.deletionWindowInDays, 30);
  });

  it("lets the key's alias go, whose name the next deployment needs", async () => {
    const resources = await record({ encryption: "kms" }, true);

    assert.notEqual(only(resources, "aws:kms/alias:Alias").options.retainOnDelete, true);
  });

  it("uses one rotated key for all buckets when told to", async () => {
    const resources = await record({ encryption: "kms" });

    const { policy, ...key } = only(resources, "aws:kms/key:Key").inputs;
    assert.deepEqual(key, {
      description: "Buckets, volumes, topics and logs of sagemaker-ops dev",
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 7,
    });
    assert.deepEqual(
      JSON.parse(policy).Statement.map(({ Sid }: { Sid: string }) => Sid),
      ["AdministerThroughIam", "EncryptLogs", "PublishToEncryptedTopics"],
    );
    assert.equal(only(resources, "aws:kms/alias:Alias").inputs.name, "alias/sagemaker-ops-dev");
    const keyArn = "arn:aws:kms:us-east-1:123456789012:key/storage-key";
    assert.deepEqual(
      ofType(resources, settings[3] ?? "").map(({ inputs }) => inputs.rules),
      Array(3).fill([
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ]),
    );
  });

  it("logs access into a fourth bucket without the key, which log delivery cannot use", async () => {
    const resources = await record({ encryption: "kms", accessLogs: true });

    assert.equal(ofType(resources, "aws:s3/bucket:Bucket").length, 4);
    assert.deepEqual(only(resources, settings[3] ?? "", "storage-logs-encryption").inputs.rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    assert.deepEqual(
      ofType(resources, "aws:s3/bucketLogging:BucketLogging").map(({ inputs, dependencies }) => [
        inputs,
        dependencies.includes("storage-logs-lifecycle"),
      ]),
      ["data", "models", "output"].map((bucket) => [
        { bucket: `storage-${bucket}`, targetBucket: "storage-logs", targetPrefix: `${bucket}/` },
        true,
      ]),
    );
    const policy = JSON.parse(only(resources, settings[2] ?? "", "storage-logs-policy").inputs.policy);
    const [delivery] = policy.Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    assert.deepEqual(delivery.Condition.ArnLike["aws:SourceArn"], [
      "arn:aws:s3:::storage-data",
      "arn:aws:s3:::storage-models",
      "arn:aws:s3:::storage-output",
    ]);
    assert.deepEqual(
      (rules(resources, "logs") as { expiration?: unknown }[]).map(({ expiration }) => expiration),
      [undefined, { expiredObjectDeleteMarker: true }, { days: 365 }],
    );
  });

  it("takes the physical names that the configuration gives", async () => {
    const resources = await record({ data: { bucketName: "opml-images" } });

    assert.equal(only(resources, "aws:s3/bucket:Bucket", "storage-data").inputs.bucket, "opml-images");
    assert.equal(only(resources, "aws:s3/bucket:Bucket", "storage-models").inputs.bucket, undefined);
  });
});
