import assert from "node:assert/strict";
import { renderPolicy } from "../../infra/iam/document";
import { servingRole, trainingRole } from "../../infra/iam/roles";
import { anyResource } from "../fixtures/iam/any-resource";
import { holders, keyArn, permissions, place, servingImage } from "../fixtures/iam/stack";

describe("every policy of a role", () => {
  for (const holder of holders) {
    it(`of ${holder} allows only, by name: no wildcard in an action, no Not element, no Deny`, () => {
      const { Statement } = JSON.parse(renderPolicy(permissions[holder])) as {
        Statement: Record<string, string[] | string>[];
      };
      for (const statement of Statement) {
        assert.equal(statement.Effect, "Allow");
        assert.deepEqual(
          Object.keys(statement).filter(
            (key) => !["Sid", "Effect", "Action", "Resource", "Condition"].includes(key),
          ),
          [],
        );
        for (const action of statement.Action ?? []) assert.match(action, /^[a-z0-9]+:[A-Za-z]+$/);
      }
    });

    it(`of ${holder} changes no identity, and creates, alters or deletes nothing in SageMaker`, () => {
      const actions = permissions[holder].Statement.flatMap(({ Action }) => Action);
      const sensitive =
        /^(?:iam|sts|organizations|account|sso|cloudformation|secretsmanager|ssm:(?!UpdateInstanceInformation$)|lambda:(?!InvokeFunction)|sagemaker:(?!InvokeEndpoint$|Describe|List|StopNotebookInstance$)|s3:(?!GetObject$|PutObject$|DeleteObject$|AbortMultipartUpload$|ListBucket$)|kms:(?!Decrypt$|Encrypt$|GenerateDataKey$|CreateGrant$))/;

      assert.deepEqual(
        actions.filter((action) => sensitive.test(action)),
        [],
      );
    });
  }

  it('has "*" as resource only where AWS defines no resource', () => {
    const found = holders.flatMap((holder) =>
      permissions[holder].Statement.filter(({ Resource }) => Resource?.includes("*")).map(({ Sid }) => Sid),
    );

    assert.deepEqual([...new Set(found)].sort(), Object.keys(anyResource).sort());
  });

  it("fits its quota with the longest names and the most subnets that a configuration may have", () => {
    const name = "n".repeat(63);
    const longest = {
      place: { ...place, region: "us-gov-northeast-1" },
      outputBucketName: name,
      keyArn,
      encryptsVolumes: true,
      network: {
        subnetIds: Array.from({ length: 16 }, (_, index) => `subnet-${String(index).padStart(17, "0")}`),
        securityGroupId: `sg-${"0".repeat(17)}`,
      },
      image: { ...servingImage, repository: "r".repeat(256) },
    };
    const training = trainingRole({
      ...longest,
      data: { bucketName: name, prefix: `${"p".repeat(199)}/`, pretrainedPrefix: `${"q".repeat(199)}/` },
      jobNamePrefix: name,
    });
    const serving = servingRole({
      ...longest,
      modelsBucketName: name,
      endpointName: name,
      logGroupName: `/aws/sagemaker/Endpoints/${name}`,
      captures: true,
      asynchronous: true,
    });

    for (const { permissions: document, trust } of [training, serving]) {
      assert.doesNotThrow(() => renderPolicy(document, "role"));
      assert.doesNotThrow(() => renderPolicy(trust, "trust"));
    }
  });
});
