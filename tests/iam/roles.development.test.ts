import assert from "node:assert/strict";
import { schedulerRole, trainingBoxRole } from "../../infra/iam/roles";
import { data, keyArn, place, roles } from "../fixtures/iam/stack";

describe("trainingBoxRole", () => {
  it("with the stack's key has exactly these permissions", () => {
    assert.deepEqual(roles.trainingBox.permissions, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CarrySessions",
          Effect: "Allow",
          Action: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          Resource: ["*"],
        },
        {
          Sid: "DecryptWithKey",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [keyArn],
          Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
        },
        {
          Sid: "EncryptWithKey",
          Effect: "Allow",
          Action: ["kms:GenerateDataKey"],
          Resource: [keyArn],
          Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
        },
        {
          Sid: "KeepCheckpoints",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-output/checkpoints/*"],
        },
        {
          Sid: "ListCheckpoints",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::acme-output"],
          Condition: { StringLike: { "s3:prefix": "checkpoints/*" } },
        },
        {
          Sid: "ListCode",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::acme-output"],
          Condition: { StringLike: { "s3:prefix": "code/*" } },
        },
        {
          Sid: "ListData",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::acme-data"],
          Condition: { StringLike: { "s3:prefix": ["dogImages/*", "pretrained/*"] } },
        },
        {
          Sid: "ReadCode",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::acme-output/code/*"],
        },
        {
          Sid: "ReadData",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::acme-data/dogImages/*", "arn:aws:s3:::acme-data/pretrained/*"],
        },
        {
          Sid: "RegisterInstance",
          Effect: "Allow",
          Action: ["ssm:UpdateInstanceInformation"],
          Resource: ["arn:aws:ec2:us-east-1:123456789012:instance/*"],
        },
        {
          Sid: "WriteBoxResults",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-output/box/*"],
        },
      ],
    });
  });

  it("may be assumed by EC2, which sends no source to hold it to", () => {
    assert.deepEqual(roles.trainingBox.trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  it("without a key is the same less KMS", () => {
    const { permissions } = trainingBoxRole({ place, data, outputBucketName: "acme-output" });

    assert.deepEqual(
      permissions.Statement,
      roles.trainingBox.permissions.Statement.filter(({ Action }) => !Action[0]?.startsWith("kms:")),
    );
    assert.equal(permissions.Statement.length, 9);
  });
});

describe("schedulerRole", () => {
  it("stops exactly the notebook and the box", () => {
    assert.deepEqual(roles.scheduler.permissions, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "StopInstance",
          Effect: "Allow",
          Action: ["ec2:StopInstances"],
          Resource: ["arn:aws:ec2:us-east-1:123456789012:instance/*"],
          Condition: { StringEquals: { "aws:ResourceTag/Name": "ops-prod-box" } },
        },
        {
          Sid: "StopNotebook",
          Effect: "Allow",
          Action: ["sagemaker:StopNotebookInstance"],
          Resource: ["arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/ops-prod"],
        },
      ],
    });
  });

  it("may be assumed for one schedule group of this account", () => {
    assert.deepEqual(roles.scheduler.trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: "scheduler.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            ArnLike: { "aws:SourceArn": ["arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"] },
            StringEquals: { "aws:SourceAccount": "123456789012" },
          },
        },
      ],
    });
  });

  it("stops what there is, and is refused where there is nothing", () => {
    const actions = (args: { notebookName?: string; instanceName?: string }) =>
      schedulerRole({ place, ...args }).permissions.Statement.flatMap(({ Action }) => Action);

    assert.deepEqual(actions({ notebookName: "ops-prod" }), ["sagemaker:StopNotebookInstance"]);
    assert.deepEqual(actions({ instanceName: "ops-prod-box" }), ["ec2:StopInstances"]);
    assert.throws(() => actions({}), /at least one statement/);
  });

  it("names another schedule group where the schedules are in one", () => {
    const { trust } = schedulerRole({ place, instanceName: "ops-prod-box", scheduleGroupName: "ops" });

    assert.deepEqual(trust.Statement[0]?.Condition?.ArnLike, {
      "aws:SourceArn": ["arn:aws:scheduler:us-east-1:123456789012:schedule-group/ops"],
    });
  });
});
