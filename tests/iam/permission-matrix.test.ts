import assert from "node:assert/strict";
import { type Holder, holders, keyArn, policyJson, topicArn } from "../fixtures/iam/stack";
import { isAllowed } from "../support/iam-evaluator";

const jobs = "arn:aws:sagemaker:us-east-1:123456789012";
const logs = "arn:aws:logs:us-east-1:123456789012:log-group";
const ec2 = "arn:aws:ec2:us-east-1:123456789012";
const listing = (prefix: string) => ({ "s3:prefix": prefix });
const via = (service: string) => ({ "kms:ViaService": `${service}.us-east-1.amazonaws.com` });

type Row = readonly [
  action: string,
  resource: string,
  allowed: readonly Holder[],
  context?: Readonly<Record<string, string>>,
];

const readers: Holder[] = ["training", "notebook", "trainingBox"];
const onSageMaker: Holder[] = ["training", "serving", "asyncServing", "notebook"];
const nobody: Holder[] = [];

/** Who may do what; everybody who is not named may not. */
const matrix: Readonly<Record<string, readonly Row[]>> = {
  "the data bucket": [
    ["s3:GetObject", "arn:aws:s3:::acme-data/dogImages/test/001.Affenpinscher/a.jpg", readers],
    ["s3:GetObject", "arn:aws:s3:::acme-data/pretrained/resnet50.pth", readers],
    ["s3:GetObject", "arn:aws:s3:::acme-data/payroll/2026.csv", nobody],
    ["s3:GetObject", "arn:aws:s3:::acme-data/dogImages", nobody],
    ["s3:GetObject", "arn:aws:s3:::other-data/dogImages/a.jpg", nobody],
    ["s3:GetObject", "arn:aws:s3:::acme-data-copy/dogImages/a.jpg", nobody],
    ["s3:ListBucket", "arn:aws:s3:::acme-data", readers, listing("dogImages/")],
    ["s3:ListBucket", "arn:aws:s3:::acme-data", nobody, listing("payroll/")],
    ["s3:ListBucket", "arn:aws:s3:::acme-data", nobody, listing("")],
    ["s3:ListBucket", "arn:aws:s3:::acme-data", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-data/dogImages/a.jpg", nobody],
    ["s3:DeleteObject", "arn:aws:s3:::acme-data/dogImages/a.jpg", nobody],
    ["s3:PutBucketPolicy", "arn:aws:s3:::acme-data", nobody],
    ["s3:DeleteBucket", "arn:aws:s3:::acme-data", nobody],
  ],
  "the output bucket": [
    ["s3:GetObject", "arn:aws:s3:::acme-output/code/9f/sourcedir.tar.gz", ["training", "trainingBox"]],
    ["s3:PutObject", "arn:aws:s3:::acme-output/code/9f/sourcedir.tar.gz", nobody],
    ["s3:ListBucket", "arn:aws:s3:::acme-output", ["training", "trainingBox"], listing("code/9f/")],
    ["s3:ListBucket", "arn:aws:s3:::acme-output", nobody, listing("jobs/")],
    ["s3:PutObject", "arn:aws:s3:::acme-output/jobs/j/output/model.tar.gz", ["training"]],
    ["s3:GetObject", "arn:aws:s3:::acme-output/jobs/j/output/model.tar.gz", nobody],
    ["s3:DeleteObject", "arn:aws:s3:::acme-output/jobs/j/output/model.tar.gz", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-output/box/run/model.tar.gz", ["trainingBox"]],
    ["s3:PutObject", "arn:aws:s3:::acme-output/checkpoints/j/1.pt", ["training", "trainingBox"]],
    ["s3:DeleteObject", "arn:aws:s3:::acme-output/checkpoints/j/1.pt", ["training", "trainingBox"]],
    ["s3:PutObject", "arn:aws:s3:::acme-output/notebook/a.ipynb", ["notebook"]],
    ["s3:GetObject", "arn:aws:s3:::acme-output/notebook/a.ipynb", ["notebook"]],
    ["s3:PutObject", "arn:aws:s3:::acme-output/capture/ops-prod-breeds/AllTraffic/a.jsonl", ["serving"]],
    ["s3:GetObject", "arn:aws:s3:::acme-output/capture/ops-prod-breeds/AllTraffic/a.jsonl", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-output/capture/ops-prod-breeds-2/AllTraffic/a.jsonl", nobody],
    ["s3:GetObject", "arn:aws:s3:::acme-output/async/ops-prod-nightly/input/a.jpg", ["asyncServing"]],
    ["s3:PutObject", "arn:aws:s3:::acme-output/async/ops-prod-nightly/input/a.jpg", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-output/async/ops-prod-nightly/output/a.out", ["asyncServing"]],
    ["s3:GetObject", "arn:aws:s3:::acme-output/async/ops-prod-nightly/output/a.out", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-output/async/ops-prod-other/output/a.out", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-output/a", nobody],
  ],
  "the models bucket": [
    ["s3:GetObject", "arn:aws:s3:::acme-models/models/ab12/model.tar.gz", ["serving", "asyncServing"]],
    ["s3:GetObject", "arn:aws:s3:::acme-models/staging/model.tar.gz", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-models/models/ab12/model.tar.gz", nobody],
    ["s3:DeleteObject", "arn:aws:s3:::acme-models/models/ab12/model.tar.gz", nobody],
    ["s3:DeleteObjectVersion", "arn:aws:s3:::acme-models/models/ab12/model.tar.gz", nobody],
    ["s3:ListBucket", "arn:aws:s3:::acme-models", nobody, listing("models/")],
  ],
  "what a function reads and leaves": [
    ["s3:GetObject", "arn:aws:s3:::acme-uploads/2026/dog.jpg", ["imageFunction"]],
    ["s3:GetObject", "arn:aws:s3:::acme-uploads-2/2026/dog.jpg", nobody],
    ["s3:PutObject", "arn:aws:s3:::acme-uploads/2026/dog.jpg", nobody],
    ["s3:ListBucket", "arn:aws:s3:::acme-uploads", nobody],
    [
      "sqs:SendMessage",
      "arn:aws:sqs:us-east-1:123456789012:ops-prod-gallery-failed-calls",
      ["imageFunction"],
    ],
    ["sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:ops-prod-breeds-failed-calls", nobody],
    ["sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:123456789012:ops-prod-gallery-failed-calls", nobody],
    ["xray:PutTraceSegments", "*", ["imageFunction"]],
    ["xray:GetTraceSummaries", "*", nobody],
  ],
  "endpoints and functions": [
    ["sagemaker:InvokeEndpoint", `${jobs}:endpoint/ops-prod-breeds`, ["function"]],
    ["sagemaker:InvokeEndpoint", `${jobs}:endpoint/ops-prod-gallery`, ["imageFunction"]],
    ["sagemaker:InvokeEndpoint", `${jobs}:endpoint/ops-prod-breeds-2`, nobody],
    ["sagemaker:InvokeEndpoint", `${jobs}:endpoint/ops-prod-nightly`, nobody],
    ["sagemaker:InvokeEndpoint", "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/ops-prod-breeds", nobody],
    ["sagemaker:InvokeEndpoint", "arn:aws:sagemaker:us-east-1:999999999999:endpoint/ops-prod-breeds", nobody],
    ["sagemaker:InvokeEndpointAsync", `${jobs}:endpoint/ops-prod-breeds`, nobody],
    ["sagemaker:DescribeEndpoint", `${jobs}:endpoint/ops-prod-breeds`, nobody],
    ["sagemaker:UpdateEndpoint", `${jobs}:endpoint/ops-prod-breeds`, nobody],
    ["sagemaker:DeleteEndpoint", `${jobs}:endpoint/ops-prod-breeds`, nobody],
    ["sagemaker:CreateEndpoint", `${jobs}:endpoint/another`, nobody],
    ["sagemaker:CreateEndpointConfig", `${jobs}:endpoint-config/another`, nobody],
    ["sagemaker:CreateModel", `${jobs}:model/another`, nobody],
    [
      "lambda:InvokeFunction",
      "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:live",
      ["caller"],
    ],
    ["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds", nobody],
    ["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:7", nobody],
    ["lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-multi:live", nobody],
    ["lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds", nobody],
    [
      "lambda:InvokeFunctionUrl",
      "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:live",
      ["caller"],
      { "lambda:FunctionUrlAuthType": "AWS_IAM" },
    ],
    [
      "lambda:InvokeFunctionUrl",
      "arn:aws:lambda:us-east-1:123456789012:function:ops-prod-breeds:live",
      nobody,
      { "lambda:FunctionUrlAuthType": "NONE" },
    ],
  ],
  "jobs and notebooks": [
    ["sagemaker:DescribeTrainingJob", `${jobs}:training-job/ops-prod-j`, ["notebook"]],
    ["sagemaker:DescribeTrainingJob", `${jobs}:training-job/payroll-forecast`, nobody],
    ["sagemaker:CreateTrainingJob", `${jobs}:training-job/ops-prod-j`, nobody],
    ["sagemaker:StopTrainingJob", `${jobs}:training-job/ops-prod-j`, nobody],
    ["sagemaker:CreateHyperParameterTuningJob", `${jobs}:hyper-parameter-tuning-job/ops-prod-t`, nobody],
    ["sagemaker:StopNotebookInstance", `${jobs}:notebook-instance/ops-prod`, ["notebook", "scheduler"]],
    ["sagemaker:StopNotebookInstance", `${jobs}:notebook-instance/ops-prod-2`, nobody],
    ["sagemaker:DescribeNotebookInstance", `${jobs}:notebook-instance/ops-prod`, nobody],
    ["sagemaker:StartNotebookInstance", `${jobs}:notebook-instance/ops-prod`, nobody],
    ["sagemaker:CreatePresignedNotebookInstanceUrl", `${jobs}:notebook-instance/ops-prod`, nobody],
    ["ec2:StopInstances", `${ec2}:instance/i-0a`, ["scheduler"], { "aws:ResourceTag/Name": "ops-prod-box" }],
    ["ec2:StopInstances", `${ec2}:instance/i-0b`, nobody, { "aws:ResourceTag/Name": "ops-prod-box-2" }],
    ["ec2:StopInstances", `${ec2}:instance/i-0b`, nobody],
    ["ec2:TerminateInstances", `${ec2}:instance/i-0a`, nobody],
    ["ec2:RunInstances", `${ec2}:instance/*`, nobody],
    ["ssm:UpdateInstanceInformation", `${ec2}:instance/i-0a`, ["trainingBox"]],
    ["ssm:GetParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/ops/prod/secret", nobody],
    ["ssm:SendCommand", `${ec2}:instance/i-0a`, nobody],
    ["ssm:StartSession", `${ec2}:instance/i-0a`, nobody],
    ["ssmmessages:OpenDataChannel", "*", ["trainingBox"]],
  ],
  "images, logs and metrics": [
    ["ecr:BatchGetImage", "arn:aws:ecr:us-east-1:763104351884:repository/pytorch", ["training"]],
    ["ecr:BatchGetImage", "arn:aws:ecr:us-east-1:763104351884:repository/ray", ["serving", "asyncServing"]],
    ["ecr:BatchGetImage", "arn:aws:ecr:us-east-1:123456789012:repository/payroll", nobody],
    ["ecr:PutImage", "arn:aws:ecr:us-east-1:763104351884:repository/pytorch", nobody],
    ["ecr:GetAuthorizationToken", "*", ["training", "serving", "asyncServing"]],
    ["logs:PutLogEvents", `${logs}:/aws/lambda/ops-prod-breeds:log-stream:a`, ["function"]],
    ["logs:PutLogEvents", `${logs}:/aws/lambda/ops-prod-multi:log-stream:a`, nobody],
    ["logs:CreateLogGroup", `${logs}:/aws/lambda/ops-prod-breeds:log-stream:`, nobody],
    ["logs:PutLogEvents", `${logs}:/aws/sagemaker/TrainingJobs:log-stream:ops-prod-j/algo-1`, ["training"]],
    ["logs:PutLogEvents", `${logs}:/aws/sagemaker/TrainingJobs:log-stream:payroll/algo-1`, nobody],
    [
      "logs:PutLogEvents",
      `${logs}:/aws/sagemaker/NotebookInstances:log-stream:ops-prod/jupyter.log`,
      ["notebook"],
    ],
    [
      "logs:PutLogEvents",
      `${logs}:/aws/sagemaker/NotebookInstances:log-stream:ops-prod-2/jupyter.log`,
      nobody,
    ],
    ["logs:PutLogEvents", `${logs}:/aws/sagemaker/Endpoints/ops-prod-breeds:log-stream:a`, ["serving"]],
    ["logs:PutLogEvents", `${logs}:/ops/prod/flow:log-stream:eni-1-all`, ["flowLogs"]],
    ["logs:GetLogEvents", `${logs}:/aws/lambda/ops-prod-breeds:log-stream:a`, nobody],
    ["logs:DeleteLogGroup", `${logs}:/aws/lambda/ops-prod-breeds:log-stream:`, nobody],
    [
      "cloudwatch:PutMetricData",
      "*",
      ["training"],
      { "cloudwatch:namespace": "/aws/sagemaker/TrainingJobs" },
    ],
    [
      "cloudwatch:PutMetricData",
      "*",
      ["serving", "asyncServing"],
      { "cloudwatch:namespace": "/aws/sagemaker/Endpoints" },
    ],
    ["cloudwatch:PutMetricData", "*", nobody, { "cloudwatch:namespace": "Payroll" }],
    ["sns:Publish", topicArn, nobody],
    ["sns:Publish", "arn:aws:sns:us-east-1:123456789012:payroll", nobody],
    ["sns:Subscribe", topicArn, nobody],
  ],
  "the network": [
    ["ec2:CreateNetworkInterface", `${ec2}:subnet/subnet-0a`, onSageMaker],
    ["ec2:CreateNetworkInterface", `${ec2}:subnet/subnet-99`, nobody],
    ["ec2:CreateNetworkInterface", `${ec2}:security-group/sg-0a`, onSageMaker],
    ["ec2:CreateNetworkInterface", `${ec2}:security-group/sg-99`, nobody],
    [
      "ec2:DeleteNetworkInterface",
      `${ec2}:network-interface/eni-1`,
      onSageMaker,
      { "ec2:Subnet": `${ec2}:subnet/subnet-0a` },
    ],
    [
      "ec2:DeleteNetworkInterface",
      `${ec2}:network-interface/eni-1`,
      nobody,
      { "ec2:Subnet": `${ec2}:subnet/subnet-99` },
    ],
    ["ec2:DeleteNetworkInterface", `${ec2}:network-interface/eni-1`, nobody],
    ["ec2:DescribeSubnets", "*", onSageMaker],
    ["ec2:AuthorizeSecurityGroupIngress", `${ec2}:security-group/sg-0a`, nobody],
  ],
  "the key": [
    ["kms:Decrypt", keyArn, [...onSageMaker, "trainingBox", "imageFunction"], via("s3")],
    ["kms:Decrypt", keyArn, nobody],
    ["kms:Decrypt", keyArn, nobody, via("secretsmanager")],
    ["kms:Decrypt", keyArn, nobody, via("sns")],
    ["kms:Decrypt", `${keyArn.slice(0, -1)}6`, nobody, via("s3")],
    ["kms:GenerateDataKey", keyArn, [...onSageMaker, "trainingBox"], via("s3")],
    ["kms:CreateGrant", keyArn, onSageMaker, { ...via("sagemaker"), "kms:GrantIsForAWSResource": "true" }],
    ["kms:CreateGrant", keyArn, nobody, { ...via("sagemaker"), "kms:GrantIsForAWSResource": "false" }],
    ["kms:CreateGrant", keyArn, nobody, { "kms:GrantIsForAWSResource": "true" }],
    ["kms:ScheduleKeyDeletion", keyArn, nobody],
    ["kms:PutKeyPolicy", keyArn, nobody],
  ],
  "identities and secrets": [
    [
      "iam:PassRole",
      "arn:aws:iam::123456789012:role/training",
      nobody,
      { "iam:PassedToService": "sagemaker.amazonaws.com" },
    ],
    ["iam:CreateRole", "arn:aws:iam::123456789012:role/new", nobody],
    ["iam:AttachRolePolicy", "arn:aws:iam::123456789012:role/training", nobody],
    ["sts:AssumeRole", "arn:aws:iam::123456789012:role/admin", nobody],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:s", nobody],
    ["ec2:CreateVpcEndpoint", `${ec2}:vpc-endpoint/*`, nobody],
  ],
};

describe("who may do what", () => {
  for (const [area, rows] of Object.entries(matrix)) {
    describe(`with ${area}`, () => {
      for (const [action, resource, allowed, context = {}] of rows) {
        const circumstances = Object.entries(context).map(([key, value]) => ` ${key}=${value}`);
        const who = allowed.length === 0 ? "nobody" : allowed.join(", ");
        it(`${action} ${resource}${circumstances.join()}: ${who}`, () => {
          const found = holders.filter((holder) =>
            isAllowed({ identity: [policyJson(holder)] }, { action, resource, context }),
          );

          assert.deepEqual(
            found,
            holders.filter((holder) => allowed.includes(holder)),
          );
        });
      }
    });
  }

  it("is asked for hundreds of denials and for every kind of permission", () => {
    const rows = Object.values(matrix).flat();
    const allowed = rows.reduce((sum, row) => sum + row[2].length, 0);

    assert.ok(allowed >= 60, `${allowed} cells allow`);
    assert.ok(rows.length * holders.length - allowed >= 500);
  });
});
