import assert from "node:assert/strict";
import { type ServingRoleArgs, servingRole } from "../../infra/iam/roles";
import { keyArn, place, roles, servingImage } from "../fixtures/iam/stack";

const plain: ServingRoleArgs = {
  place,
  modelsBucketName: "acme-models",
  outputBucketName: "acme-output",
  endpointName: "ops-prod-breeds",
  logGroupName: "/aws/sagemaker/Endpoints/ops-prod-breeds",
  image: servingImage,
};

function sids(args: Partial<ServingRoleArgs>): string[] {
  return servingRole({ ...plain, ...args }).permissions.Statement.map(({ Sid }) => Sid);
}

describe("servingRole", () => {
  it("in a VPC, with capture and the stack's key, has exactly these permissions", () => {
    assert.deepEqual(roles.serving.permissions, {
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
          Action: ["logs:DescribeLogStreams"],
          Resource: [
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/ops-prod-breeds:*",
          ],
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
          Resource: ["arn:aws:ecr:us-east-1:763104351884:repository/ray"],
        },
        {
          Sid: "PutMetrics",
          Effect: "Allow",
          Action: ["cloudwatch:PutMetricData"],
          Resource: ["*"],
          Condition: { StringEquals: { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" } },
        },
        {
          Sid: "ReadArtifacts",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::acme-models/models/*"],
        },
        {
          Sid: "WriteCapture",
          Effect: "Allow",
          Action: ["s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-output/capture/ops-prod-breeds/*"],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/ops-prod-breeds:log-stream:*",
          ],
        },
      ],
    });
  });

  it("of an asynchronous endpoint moves that endpoint's objects", () => {
    const others = ["ReadAsyncRequests", "WriteAsyncAnswers", "DecryptWithKey", "EncryptWithKey"];

    assert.deepEqual(
      roles.asyncServing.permissions.Statement.filter(({ Sid }) => others.includes(Sid)),
      [
        {
          Sid: "DecryptWithKey",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [keyArn],
          Condition: {
            StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] },
          },
        },
        {
          Sid: "EncryptWithKey",
          Effect: "Allow",
          Action: ["kms:GenerateDataKey"],
          Resource: [keyArn],
          Condition: {
            StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] },
          },
        },
        {
          Sid: "ReadAsyncRequests",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::acme-output/async/ops-prod-nightly/input/*"],
        },
        {
          Sid: "WriteAsyncAnswers",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
          Resource: [
            "arn:aws:s3:::acme-output/async/ops-prod-nightly/failure/*",
            "arn:aws:s3:::acme-output/async/ops-prod-nightly/output/*",
          ],
        },
      ],
    );
    assert.ok(!roles.asyncServing.permissions.Statement.some(({ Sid }) => Sid === "WriteCapture"));
  });

  it("may be assumed by SageMaker for this account only", () => {
    assert.deepEqual(roles.serving.trust, {
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

  it("at its plainest reads artifacts, pulls its image and reports", () => {
    assert.deepEqual(sids({}), [
      "FindLogStreams",
      "LogInToRegistry",
      "PullImage",
      "PutMetrics",
      "ReadArtifacts",
      "WriteLogs",
    ]);
  });

  const additions: [string, Partial<ServingRoleArgs>, string[]][] = [
    [
      "decrypts artifacts, and encrypts nothing, with a key and nothing to write",
      { keyArn },
      ["DecryptWithKey"],
    ],
    [
      "attaches encrypted volumes where it has a key",
      { keyArn, encryptsVolumes: true },
      ["DecryptWithKey", "EncryptVolumes"],
    ],
    ["needs no volume permission without a key", { encryptsVolumes: true }, []],
    [
      "writes encrypted captures",
      { keyArn, captures: true },
      ["DecryptWithKey", "EncryptOutputs", "EncryptWithKey", "WriteCapture"],
    ],
    ["answers asynchronously", { asynchronous: true }, ["ReadAsyncRequests", "WriteAsyncAnswers"]],
  ];
  for (const [title, args, added] of additions) {
    it(title, () => {
      assert.deepEqual(
        sids(args).filter((sid) => !sids({}).includes(sid)),
        added,
      );
    });
  }
});
