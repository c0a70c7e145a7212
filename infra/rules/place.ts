/** Where the stack lives. ARNs are built from it, so that policies are known in a preview and can be checked. */
export interface Place {
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** `amazonaws.com`, `amazonaws.com.cn`, … */
  readonly dnsSuffix: string;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

/** ARN of a regional resource of this account: `arn:aws:sagemaker:us-east-1:123456789012:endpoint/x`. */
export function regionalArn(
  { partition, region, accountId }: Place,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** ARN of a bucket, or with a key (wildcards allowed) of objects in it. */
export function bucketArn({ partition }: Place, bucketName: string, key?: string): string {
  return `arn:${partition}:s3:::${bucketName}${key === undefined ? "" : `/${key}`}`;
}

/** ARN of a role of this account; the path, where there is one, is part of `name`. */
export function roleArn({ partition, accountId }: Place, name: string): string {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

/** ARN that SageMaker and other services give an endpoint; names are lower-case in it. */
export function endpointArn(place: Place, endpointName: string): string {
  return regionalArn(place, "sagemaker", `endpoint/${endpointName.toLowerCase()}`);
}

/** Console page; the console's host differs by partition. */
export function consoleUrl({ partition, region }: Place, path: string): string {
  const host =
    partition === "aws-cn"
      ? "console.amazonaws.cn"
      : partition === "aws-us-gov"
        ? "console.amazonaws-us-gov.com"
        : "console.aws.amazon.com";
  return `https://${region}.${host}/${path}`;
}
