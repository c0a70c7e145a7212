import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { tlsOnly } from "../../../policy/storage/tls-only";
import { secret, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const judge = (...resources: readonly StackResource[]) =>
  analyzeStack([tlsOnly.policy()] as Policies, resources);

const document = (bucket: string) =>
  JSON.stringify({
    Statement: {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  });

const bucket = (props: Record<string, unknown>, name = "data"): StackResource => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props,
});

const policyOf = (
  props: Record<string, unknown>,
  propertyDependencies: Record<string, string[]> = {},
): StackResource => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "policy",
  props,
  propertyDependencies,
});

describe(tlsOnly.id, () => {
  it("passes a bucket whose policy refuses plain HTTP, joined by name", async () => {
    assert.deepEqual(
      await judge(bucket({ bucket: "data-1" }), policyOf({ bucket: "data-1", policy: document("data-1") })),
      [],
    );
  });

  it("passes it joined by what the policy depends on, while names are unknown", async () => {
    const data = bucket({ bucket: "data-1", id: UNKNOWN_STRING });
    const policy = policyOf(
      { bucket: UNKNOWN_STRING, policy: document("data-1") },
      { bucket: [urnOf(data)], policy: [urnOf(data)] },
    );
    assert.deepEqual(await judge(data, policy), []);
  });

  for (const type of ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]) {
    it(`passes a policy that a ${type} holds itself`, async () => {
      assert.deepEqual(await judge({ ...bucket({ bucket: "data", policy: document("data") }), type }), []);
    });

    it(`names the ${type} without a policy, and no other`, async () => {
      const lonely = { type, name: "lonely", props: { bucket: "lonely" } };
      const [found, ...others] = await judge(
        lonely,
        bucket({ bucket: "data" }),
        policyOf({ bucket: "data", policy: document("data") }),
      );

      assert.deepEqual(others, []);
      assert.equal(found?.urn, urnOf(lonely));
      assert.equal(found?.level, "mandatory");
      assert.match(found?.message ?? "", /has no policy, so it takes plain HTTP\. Deny s3:\*/);
    });
  }

  it("says what is wrong with a policy that leaves a way", async () => {
    const [found] = await judge(
      bucket({ bucket: "data" }),
      policyOf({ bucket: "data", policy: document("data").replace("s3:*", "s3:GetObject") }),
    );
    assert.match(
      found?.message ?? "",
      /The bucket's policy has no Deny that takes in all principals and actions/,
    );
  });

  it("is undecided while the policy is unknown, or the bucket of a policy is", async () => {
    const [unknownText] = await judge(
      bucket({ bucket: "data" }),
      policyOf({ bucket: "data", policy: UNKNOWN_STRING }),
    );
    assert.match(unknownText?.message ?? "", /Not decided: the bucket's policy/);

    const [unknownBucket] = await judge(
      bucket({ bucket: "data" }),
      policyOf({ bucket: UNKNOWN_STRING, policy: document("data") }),
    );
    assert.match(unknownBucket?.message ?? "", /Not decided: the bucket of a bucket policy/);
  });

  it("takes a policy that the provider will compute for none, and one that the program will compute for unknown", async () => {
    const [computed] = await judge(bucket({ bucket: "data", policy: UNKNOWN_STRING }));
    assert.equal(computed?.level, "mandatory");

    const role = { type: "aws:iam/role:Role", name: "reader", props: {} };
    const reading = {
      ...bucket({ bucket: "data", policy: UNKNOWN_STRING }),
      propertyDependencies: { policy: [urnOf(role)] },
    };
    const [derived] = await judge(reading, role);
    assert.match(derived?.message ?? "", /Not decided/);
  });

  it("joins by the id where that is all that is known", async () => {
    const policy = policyOf({ bucket: "data-1", policy: document("data-1") });
    assert.deepEqual(await judge(bucket({ bucket: UNKNOWN_STRING, id: "data-1" }), policy), []);
  });

  it("refuses a bucket without a policy though its name is unknown", async () => {
    const [found] = await judge(bucket({ bucket: UNKNOWN_STRING }));
    assert.equal(found?.level, "mandatory");
  });

  it("waits for a second policy that is unknown before it refuses the first", async () => {
    const open = bucket({ bucket: "data", policy: document("other") });
    const [found, ...others] = await judge(open, policyOf({ bucket: "data", policy: UNKNOWN_STRING }));

    assert.deepEqual(others, []);
    assert.match(found?.message ?? "", /Not decided: the bucket's policy/);
  });

  it("reads a policy that is secret", async () => {
    assert.deepEqual(
      await judge(bucket({ bucket: "data" }), policyOf({ bucket: "data", policy: secret(document("data")) })),
      [],
    );
  });

  it("survives properties of any type", async () => {
    for (const value of [17, "text", true, {}, [null], null]) {
      const found = await judge(
        bucket({ bucket: value, policy: value }),
        policyOf({ bucket: value, policy: value }),
      );
      for (const { message } of found) assert.doesNotMatch(message, /the rule itself failed|undefined/);
    }
  });
});
