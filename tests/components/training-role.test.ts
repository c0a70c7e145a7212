import assert from "node:assert/strict";
import { type FoundationOptions, foundation } from "../support/foundation";
import { only, recordResources } from "../support/mocks";

interface Document {
  Statement: { Sid: string; Action: string[]; Resource: string[] }[];
}

async function permissions(options: FoundationOptions): Promise<Document> {
  const resources = await recordResources(() => foundation(options));
  return JSON.parse(only(resources, "aws:iam/rolePolicy:RolePolicy", "jobs-permissions").inputs.policy);
}

const sids = ({ Statement }: Document) => Statement.map(({ Sid }) => Sid);

describe("TrainingRole", () => {
  it("names the stack's own buckets and the image's repository", async () => {
    const { Statement } = await permissions({});

    const resources = Statement.flatMap(({ Resource }) => Resource).filter((arn) =>
      arn.startsWith("arn:aws:s3"),
    );
    assert.ok(resources.includes("arn:aws:s3:::storage-data/dogImages/*"));
    assert.ok(resources.includes("arn:aws:s3:::storage-output/jobs/*"));
    assert.ok(resources.every((arn) => /^arn:aws:s3:::storage-(?:data|output)(?:\/|$)/.test(arn)));
  });

  it("has to do with the VPC and the key only where there are such", async () => {
    const plain = sids(await permissions({}));
    const full = sids(
      await permissions({
        kms: true,
        network: true,
        jobs: { single: { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, volumeEncryption: "kms" } },
      }),
    );

    assert.deepEqual(
      full.filter((sid) => !plain.includes(sid)),
      [
        "CreateNetworkInterfaces",
        "DecryptWithKey",
        "DescribeNetwork",
        "EncryptOutputs",
        "EncryptVolumes",
        "EncryptWithKey",
        "ManageNetworkInterfaces",
      ],
    );
    assert.ok(!sids(await permissions({ kms: true })).includes("EncryptVolumes"));
  });
});
