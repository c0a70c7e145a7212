import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { STSClient } from "@aws-sdk/client-sts";
import { type ClientOptions, clientConfig, identityClient } from "../aws/clients";
import { listen } from "../operate/clients";
import type { ServerClock } from "../operate/server-clock";

/** What `doctor` asks AWS with, all in one region; none of it changes anything. */
export interface DoctorClients {
  readonly sts: STSClient;
  readonly quotas: ServiceQuotasClient;
  readonly cloudwatch: CloudWatchClient;
  readonly sagemaker: SageMakerClient;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly ssm: SSMClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

/** Fewer than elsewhere: where one service is not to be reached, the other checks are not kept waiting for minutes. */
const attempts = 5;

/** @param clock is told AWS's time at the answers of STS, refusals among them: a wrong clock is a reason for one. */
export function doctorClients(
  region: string,
  options: ClientOptions = {},
  clock?: Pick<ServerClock, "hear">,
): DoctorClients {
  const config = { ...clientConfig(region, options), maxAttempts: attempts };
  const sts = identityClient(region, options);
  if (clock !== undefined) listen(sts, clock);
  return {
    sts,
    quotas: new ServiceQuotasClient(config),
    cloudwatch: new CloudWatchClient(config),
    sagemaker: new SageMakerClient(config),
    lambda: new LambdaClient(config),
    iam: new IAMClient(config),
    ssm: new SSMClient(config),
    ec2: new EC2Client(config),
    ecr: new ECRClient(config),
    tagging: new ResourceGroupsTaggingAPIClient(config),
  };
}
