import type { Protocol } from "./protocols";

const services: readonly (readonly [RegExp, string])[] = [
  [/^GetCallerIdentity$/, "sts"],
  [/^List(?:AWSDefault)?ServiceQuotas$/, "servicequotas"],
  [/^(?:GetRole|(?:Generate|Get)ServiceLastAccessedDetails)$/, "iam"],
  [/^GetParameter$/, "ssm"],
  [/^(?:DescribeImages|BatchGetImage)$/, "ecr"],
  [/^GetResources$/, "tag"],
  [/^GetMetricStatistics$/, "cloudwatch"],
  [
    /^(?:Describe|Delete)?LogGroups?$|^FilterLogEvents$|LogStreams$|^GetLogEvents$|^DescribeLogGroups$/,
    "logs",
  ],
  [/^ListTagsForResource$/, "logs"],
  [/^(?:InvokeFunction|GetFunctionConfiguration|GetFunctionConcurrency|GetAccountSettings)$/, "lambda"],
  [/^DescribeScalableTargets$/, "application-autoscaling"],
  [/^DescribeAlarms$/, "cloudwatch"],
  [/^GetProducts$/, "pricing"],
];

/** Operations of S3 whose permission has another name (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html). */
const ofS3: Readonly<Record<string, string>> = {
  HeadObject: "GetObject",
  GetObject: "GetObject",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  PutObject: "PutObject",
  CopyObject: "PutObject",
  CreateMultipartUpload: "PutObject",
  UploadPart: "PutObject",
  CompleteMultipartUpload: "PutObject",
  ListMultipartUploads: "ListBucketMultipartUploads",
  ListParts: "ListMultipartUploadParts",
  DeleteObject: "DeleteObjectVersion",
  DeleteObjects: "DeleteObject",
};

/** What IAM calls the permission for an operation. */
export function actionOf(operation: string, protocol: Protocol): string {
  if (protocol === "ec2") return `ec2:${operation}`;
  const object = ofS3[operation];
  if (object !== undefined) return `s3:${object}`;
  const service = services.find(([pattern]) => pattern.test(operation))?.[1] ?? "sagemaker";
  return `${service}:${operation}`;
}
