import assert from "node:assert/strict";
import { invokePolicy } from "../../infra/iam/invoke-function";
import { functionRole } from "../../infra/iam/roles";
import { keyArn, permissions, place, roles } from "../fixtures/iam/stack";

describe("functionRole", () => {
  it("may ask one endpoint and write one log group, and nothing else", () => {
    assert.deepEqual(roles.function.permissions, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "InvokeEndpoint",
          Effect: "Allow",
          Action: ["sagemaker:InvokeEndpoint"],
          Resource: ["arn:aws:sagemaker:us-east-1:123456789012:endpoint/ops-prod-breeds"],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/ops-prod-breeds:log-stream:*",
          ],
        },
      ],
    });
  });

  it("with everything on reads the named buckets, keeps failed calls and sends traces", () => {
    assert.deepEqual(
      roles.imageFunction.permissions.Statement.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]),
      [
        ["DecryptWithKey", ["kms:Decrypt"], [keyArn]],
        [
          "InvokeEndpoint",
          ["sagemaker:InvokeEndpoint"],
          ["arn:aws:sagemaker:us-east-1:123456789012:endpoint/ops-prod-gallery"],
        ],
        [
          "KeepFailedCalls",
          ["sqs:SendMessage"],
          ["arn:aws:sqs:us-east-1:123456789012:ops-prod-gallery-failed-calls"],
        ],
        ["ReadImages", ["s3:GetObject"], ["arn:aws:s3:::acme-uploads/*"]],
        ["TraceCalls", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]],
        [
          "WriteLogs",
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/ops-prod-gallery:log-stream:*"],
        ],
      ],
    );
  });

  it("has nothing to do with the key while it reads no bucket", () => {
    const { permissions: plain } = functionRole({ place, keyArn, endpointName: "e", logGroupName: "/l" });

    assert.deepEqual(
      plain.Statement.map(({ Sid }) => Sid),
      ["InvokeEndpoint", "WriteLogs"],
    );
  });

  it("may be assumed by Lambda, which sends no source to hold it to", () => {
    assert.deepEqual(roles.function.trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  it("names the endpoint in lower case, as SageMaker does in ARNs", () => {
    const { permissions: mixed } = functionRole({
      place,
      endpointName: "Ops-Prod",
      logGroupName: "/aws/lambda/x",
    });

    assert.deepEqual(mixed.Statement[0]?.Resource, [
      "arn:aws:sagemaker:us-east-1:123456789012:endpoint/ops-prod",
    ]);
  });
});

describe("flowLogsRole", () => {
  it("delivers to one log group", () => {
    assert.deepEqual(roles.flowLogs.permissions, {
      Version: "2012-10-17",
      Statement: [
        { Sid: "FindLogGroups", Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
        {
          Sid: "FindLogStreams",
          Effect: "Allow",
          Action: ["logs:DescribeLogStreams"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:/ops/prod/flow:*"],
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:/ops/prod/flow:log-stream:*"],
        },
      ],
    });
  });

  it("may be assumed for flow logs of this account and region", () => {
    assert.deepEqual(roles.flowLogs.trust, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: {
            ArnLike: { "aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*" },
            StringEquals: { "aws:SourceAccount": "123456789012" },
          },
        },
      ],
    });
  });
});

describe("invokePolicy", () => {
  it("lets callers use one alias, and its signed address", () => {
    assert.deepEqual(permissions.caller, {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "InvokeFunction",
          Effect: "Allow",
          Action: ["lambda:InvokeFunction"],
          Resource: ["arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:live"],
        },
        {
          Sid: "InvokeFunctionUrl",
          Effect: "Allow",
          Action: ["lambda:InvokeFunctionUrl"],
          Resource: ["arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:live"],
          Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } },
        },
      ],
    });
  });

  it("leaves the address out where there is none", () => {
    assert.deepEqual(
      invokePolicy(place, "ops-prod-breeds", false).Statement.map(({ Sid }) => Sid),
      ["InvokeFunction"],
    );
  });
});
