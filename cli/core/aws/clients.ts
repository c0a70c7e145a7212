import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";

/** What pruning asks AWS with, all in one region. */
export interface AwsClients {
  readonly sagemaker: SageMakerClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly lambda: LambdaClient;
  readonly sts: STSClient;
}

/** Listings of a busy account are throttled; the SDK waits longer before each further attempt, up to 20 s. */
const attempts = 10;

/** How each client works; tests shorten the waits. */
export type ClientOptions = Pick<S3ClientConfig, "retryStrategy">;

/** Credentials and endpoints come from where the AWS CLI takes them. */
export function clientConfig(region: string, options: ClientOptions = {}) {
  return {
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...options,
  };
}

/** The first that is asked: without a network, nobody should wait for ten attempts. */
export function identityClient(region: string, options: ClientOptions = {}): STSClient {
  return new STSClient({ ...clientConfig(region, options), maxAttempts: 3 });
}

/** Copies and uploads may take many minutes; what is limited is a silence. */
const transfers = { connectionTimeout: 10_000, socketTimeout: 300_000 };

export function awsClients(region: string, options: ClientOptions = {}): AwsClients {
  const config = clientConfig(region, options);
  return {
    sagemaker: new SageMakerClient(config),
    s3: new S3Client({ ...config, requestHandler: transfers }),
    logs: new CloudWatchLogsClient(config),
    lambda: new LambdaClient(config),
    sts: identityClient(region, options),
  };
}

/** Ends the connections that were kept open. */
export function closeClients(clients: Readonly<Record<string, { destroy(): void }>>): void {
  for (const client of Object.values(clients)) client.destroy();
}
