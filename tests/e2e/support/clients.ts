import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SSMClient } from "@aws-sdk/client-ssm";

/** The emulated services themselves, past what stands in front of them. */
export type EmulatedServices = ReturnType<typeof emulatedServices>;

export function emulatedServices(origin: string) {
  const config = {
    endpoint: origin,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  return {
    sagemaker: new SageMakerClient(config),
    s3: new S3Client(config),
    logs: new CloudWatchLogsClient(config),
    cloudwatch: new CloudWatchClient(config),
    scaling: new ApplicationAutoScalingClient(config),
    lambda: new LambdaClient(config),
    iam: new IAMClient(config),
    ssm: new SSMClient(config),
  };
}
