import assert from "node:assert/strict";
import { notebookRole } from "../../infra/iam/roles";
import { data, jobNamePrefix, keyArn, place, roles } from "../fixtures/iam/stack";

describe("notebookRole", () => {
  it("in a VPC, with the stack's key, has exactly these permissions", () => {
    assert.deepEqual(roles.notebook.permissions, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CreateNetworkInterfaces",
          Effect: "Allow",
          Action: ["ec2:CreateNetworkInterface"],
          Resource: [
            "arn:aws:ec2:us-east-1:*:subnet/subnet-0a",
            "arn:aws:ec2:us-east-1:*:subnet/subnet-0b",
            "arn:aws:ec2:us-east-1:123456789012:network-interface/*",
            "arn:aws:ec2:us-east-1:123456789012:security-group/sg-0a",
          ],
        },
        {
          Sid: "DecryptWithKey",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [keyArn],
          Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
        },
        {
          Sid: "DescribeNetwork",
          Effect: "Allow",
          Action: [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
          ],
          Resource: ["*"],
        },
        {
          Sid: "EncryptVolumes",
          Effect: "Allow",
          Action: ["kms:CreateGrant"],
          Resource: [keyArn],
          Condition: {
            Bool: { "kms:GrantIsForAWSResource": "true" },
            StringEquals: { "kms:ViaService": ["sagemaker.us-east-1.amazonaws.com"] },
          },
        },
        {
          Sid: "EncryptWithKey",
          Effect: "Allow",
          Action: ["kms:GenerateDataKey"],
          Resource: [keyArn],
          Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
        },
        {
          Sid: "FindLogStreams",
          Effect: "Allow",
          Action: ["logs:CreateLogGroup", "logs:DescribeLogStreams"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/NotebookInstances:*"],
        },
        {
          Sid: "KeepNotebookFiles",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-output/notebook/*"],
        },
        {
          Sid: "ListData",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::acme-data"],
          Condition: { StringLike: { "s3:prefix": ["dogImages/*", "pretrained/*"] } },
        },
        {
          Sid: "ListJobs",
          Effect: "Allow",
          Action: ["sagemaker:ListHyperParameterTuningJobs", "sagemaker:ListTrainingJobs"],
          Resource: ["*"],
        },
        {
          Sid: "ListNotebookFiles",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::acme-output"],
          Condition: { StringLike: { "s3:prefix": "notebook/*" } },
        },
        {
          Sid: "ManageNetworkInterfaces",
          Effect: "Allow",
          Action: [
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
          ],
          Resource: ["arn:aws:ec2:us-east-1:123456789012:network-interface/*"],
          Condition: {
            ArnLike: {
              "ec2:Subnet": [
                "arn:aws:ec2:us-east-1:*:subnet/subnet-0a",
                "arn:aws:ec2:us-east-1:*:subnet/subnet-0b",
              ],
            },
          },
        },
        {
          Sid: "ReadData",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::acme-data/dogImages/*", "arn:aws:s3:::acme-data/pretrained/*"],
        },
        {
          Sid: "ReadTrainingJobs",
          Effect: "Allow",
          Action: ["sagemaker:DescribeTrainingJob"],
          Resource: ["arn:aws:sagemaker:us-east-1:123456789012:training-job/ops-prod-*"],
        },
        {
          Sid: "ReadTuningJobs",
          Effect: "Allow",
          Action: [
            "sagemaker:DescribeHyperParameterTuningJob",
            "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
          ],
          Resource: ["arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/ops-prod-*"],
        },
        {
          Sid: "StopNotebook",
          Effect: "Allow",
          Action: ["sagemaker:StopNotebookInstance"],
          Resource: ["arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/ops-prod"],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/NotebookInstances:log-stream:ops-prod/*",
          ],
        },
      ],
    });
  });

  it("may be assumed by SageMaker for this account only", () => {
    assert.deepEqual(roles.notebook.trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: "sagemaker.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            ArnLike: { "aws:SourceArn": "arn:aws:sagemaker:us-east-1:123456789012:*" },
            StringEquals: { "aws:SourceAccount": "123456789012" },
          },
        },
      ],
    });
  });

  it("without key and VPC is the same less KMS and EC2", () => {
    const { permissions } = notebookRole({
      place,
      data,
      outputBucketName: "acme-output",
      notebookName: "ops-prod",
      jobNamePrefix,
    });

    assert.deepEqual(
      permissions.Statement,
      roles.notebook.permissions.Statement.filter(({ Action }) => !/^(?:kms|ec2):/.test(Action[0] ?? "")),
    );
    assert.equal(permissions.Statement.length, 10);
  });
});
