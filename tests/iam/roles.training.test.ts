import assert from "node:assert/strict";
import { trainingRole } from "../../infra/iam/roles";
import { data, jobNamePrefix, keyArn, place, roles, trainingImage } from "../fixtures/iam/stack";

describe("trainingRole", () => {
  it("in a VPC, with the stack's key, has exactly these permissions", () => {
    assert.deepEqual(roles.training.permissions, {
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
          Sid: "EncryptOutputs",
          Effect: "Allow",
          Action: ["kms:Encrypt"],
          Resource: [keyArn],
          Condition: {
            StringEquals: {
              "kms:ViaService": ["s3.us-east-1.amazonaws.com", "sagemaker.us-east-1.amazonaws.com"],
            },
          },
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
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:*"],
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
        { Sid: "LogInToRegistry", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
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
          Sid: "PullImage",
          Effect: "Allow",
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Resource: ["arn:aws:ecr:us-east-1:763104351884:repository/pytorch"],
        },
        {
          Sid: "PutMetrics",
          Effect: "Allow",
          Action: ["cloudwatch:PutMetricData"],
          Resource: ["*"],
          Condition: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs" } },
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
          Sid: "WriteJobResults",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-output/jobs/*"],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:log-stream:ops-prod-*",
          ],
        },
      ],
    });
  });

  it("may be assumed by SageMaker for this account only", () => {
    assert.deepEqual(roles.training.trust, {
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
    const { permissions } = trainingRole({
      place,
      data,
      outputBucketName: "acme-output",
      image: trainingImage,
      jobNamePrefix,
    });

    assert.deepEqual(
      permissions.Statement,
      roles.training.permissions.Statement.filter(({ Action }) => !/^(?:kms|ec2):/.test(Action[0] ?? "")),
    );
    assert.equal(permissions.Statement.length, 12);
  });

  it("grants no volume key unless a job encrypts its volume with it", () => {
    const { permissions } = trainingRole({
      place,
      data,
      outputBucketName: "acme-output",
      image: trainingImage,
      jobNamePrefix,
      keyArn,
    });

    assert.deepEqual(
      permissions.Statement.flatMap(({ Action }) => Action).filter((action) => action.startsWith("kms:")),
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
    );
  });
});
