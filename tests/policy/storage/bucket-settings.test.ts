import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { bucketSettings } from "../../../policy/storage/bucket-settings";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const judge = (resources: readonly StackResource[], settings?: Record<string, unknown>) =>
  analyzeStack(
    [
      bucketSettings.policy(settings === undefined ? {} : { settings: { [bucketSettings.id]: settings } }),
    ] as Policies,
    resources,
  );

const resource = (kind: string, props: Record<string, unknown>, suffix = ""): StackResource => ({
  type: `aws:s3/${kind}${suffix}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}${suffix}`,
  name: `${String(props.bucket)}-${kind}`,
  props,
});

const kmsRules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }];

/** Every setting of a bucket as resources of their own. */
const complete = (bucket: string): readonly StackResource[] => [
  resource("bucket", { bucket }),
  resource("bucketPublicAccessBlock", { bucket }),
  resource("bucketVersioning", { bucket }),
  resource("bucketLifecycleConfiguration", { bucket }),
  resource("bucketServerSideEncryptionConfiguration", { bucket, rules: kmsRules }),
  resource("bucketLogging", { bucket, targetBucket: "elsewhere" }),
];

const LACKS: readonly [string, RegExp][] = [
  ["bucketPublicAccessBlock", /has no aws\.s3\.BucketPublicAccessBlock, .* Add one/],
  ["bucketVersioning", /has no versioning, .* Add/],
  ["bucketLifecycleConfiguration", /has no lifecycle rules, .* Add/],
  ["bucketServerSideEncryptionConfiguration", /is not encrypted with KMS by default\. Add/],
  ["bucketLogging", /has no access log, .* Add/],
];

describe(bucketSettings.id, () => {
  it("passes a bucket with all its settings", async () => {
    assert.deepEqual(await judge(complete("data")), []);
  });

  for (const [kind, says] of LACKS) {
    it(`names the bucket without its ${kind}, and no other`, async () => {
      const incomplete = complete("data").filter(({ type }) => !type.startsWith(`aws:s3/${kind}:`));
      const [found, ...others] = await judge([...complete("models"), ...incomplete]);

      assert.deepEqual(others, []);
      assert.equal(found?.urn, urnOf(resource("bucket", { bucket: "data" })));
      assert.equal(found?.level, "advisory");
      assert.match(found?.message ?? "", says);
    });

    it(`joins ${kind} by what it depends on while names are unknown`, async () => {
      const [bucket, ...settings] = complete("data");
      assert.ok(bucket !== undefined);
      const dependent = settings.map((setting) => ({
        ...setting,
        props: { ...setting.props, bucket: UNKNOWN_STRING },
        propertyDependencies: { bucket: [urnOf(bucket)] },
      }));
      assert.deepEqual(await judge([bucket, ...dependent]), []);
    });

    it(`is undecided where ${kind} may belong to the bucket`, async () => {
      const unclear = complete("data").map((setting) =>
        setting.type.startsWith(`aws:s3/${kind}:`)
          ? { ...setting, props: { ...setting.props, bucket: UNKNOWN_STRING } }
          : setting,
      );
      const [found, ...others] = await judge(unclear);
      assert.deepEqual(others, []);
      assert.match(found?.message ?? "", /Not decided: what sets .* of this bucket/);
    });
  }

  it("takes the deprecated classes of the settings too", async () => {
    const deprecated = complete("data").map((setting) =>
      /bucket(Versioning|Lifecycle|Server|Logging)/.test(setting.type)
        ? { ...setting, type: setting.type.replace(/(\w+):(\w+)$/, "$1V2:$2V2") }
        : setting,
    );
    assert.ok(deprecated.some(({ type }) => type === "aws:s3/bucketLoggingV2:BucketLoggingV2"));
    assert.deepEqual(await judge(deprecated), []);
  });

  it("takes what the bucket says itself, in both classes", async () => {
    const required = { required: ["versioning", "lifecycle", "kms", "logging"] };
    const inline = resource("bucket", {
      bucket: "data",
      versioning: { enabled: true },
      lifecycleRules: [{ enabled: true }],
      serverSideEncryptionConfiguration: { rule: kmsRules[0] },
      logging: { targetBucket: "logs" },
    });
    const older = resource(
      "bucket",
      {
        bucket: "data",
        versionings: [{ enabled: true }],
        lifecycleRules: [{ enabled: true }],
        serverSideEncryptionConfigurations: [
          { rules: [{ applyServerSideEncryptionByDefaults: [{ sseAlgorithm: "aws:kms" }] }] },
        ],
        loggings: [{ targetBucket: "logs" }],
      },
      "V2",
    );
    assert.deepEqual(await judge([inline], required), []);
    assert.deepEqual(await judge([older], required), []);
  });

  it("does not take what AWS reports of a bare bucket for a setting", async () => {
    const bare = resource("bucket", {
      bucket: "data",
      versioning: { enabled: false, mfaDelete: false },
      serverSideEncryptionConfiguration: {
        rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false },
      },
      lifecycleRules: UNKNOWN_STRING,
      logging: UNKNOWN_STRING,
    });
    assert.equal((await judge([bare])).length, 5);
  });

  it("asks of a bucket for access logs neither KMS, which the log service cannot use, nor a log of its own", async () => {
    const logs = complete("logs").filter(({ type }) => !/Logging|ServerSide/.test(type));
    const data = complete("data").map((setting) =>
      setting.type.includes("Logging")
        ? { ...setting, props: { bucket: "data", targetBucket: "logs" } }
        : setting,
    );
    assert.deepEqual(await judge([...data, ...logs]), []);
    assert.equal((await judge(logs)).length, 2);
  });

  it("asks only for what is required", async () => {
    const found = await judge([resource("bucket", { bucket: "data" })], { required: ["versioning"] });
    assert.equal(found.length, 1);
    assert.match(found[0]?.message ?? "", /has no versioning/);
  });

  it("survives properties of any type", async () => {
    for (const value of [17, "text", true, {}, [null], [[]], null]) {
      const resources = complete("data").map((setting) => ({
        ...setting,
        props: Object.fromEntries(
          ["bucket", "rules", "versioning", "lifecycleRules", "logging", "targetBucket"].map((name) => [
            name,
            value,
          ]),
        ),
      }));
      for (const { message } of await judge(resources)) {
        assert.doesNotMatch(message, /the rule itself failed|undefined/);
      }
    }
  });
});
