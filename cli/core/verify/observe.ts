import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { STSClient } from "@aws-sdk/client-sts";
import { variantName } from "../../../infra/rules/naming";
import { instanceCountDimension, isScaled, variantResourceId } from "../../../infra/rules/scaling";
import { type ClientOptions, clientConfig, identityClient } from "../aws/clients";
import { asked, askedIfThere } from "../aws/errors";
import type { Reply } from "../invoke/reply";
import type { ExpectedEndpoint } from "./expected";
import type { GoldenImage } from "./golden";
import type { ArtifactApproval } from "./read-approval";

export interface VerifyClients {
  readonly sagemaker: SageMakerClient;
  /** For the history of promotions. */
  readonly s3: S3Client;
  readonly scaling: ApplicationAutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
  readonly sts: STSClient;
}

export function verifyClients(region: string, options: ClientOptions = {}): VerifyClients {
  const config = clientConfig(region, options);
  return {
    sagemaker: new SageMakerClient(config),
    s3: new S3Client(config),
    scaling: new ApplicationAutoScalingClient(config),
    cloudwatch: new CloudWatchClient(config),
    sts: identityClient(region, options),
  };
}

/** What SageMaker says about an endpoint. */
export interface EndpointState {
  readonly status: string;
  readonly failureReason: string | undefined;
  /** Configuration that answers. */
  readonly configName: string | undefined;
  /** Instances of the production variant; absent of a serverless one. */
  readonly instances: number | undefined;
}

/** What an endpoint shows from outside; what was not asked is absent. */
export interface Observed {
  /** Absent where there is no such endpoint. */
  readonly state: EndpointState | undefined;
  /** Least instances of the scalable target; absent where none is registered. */
  readonly minimumInstances: number | undefined;
  readonly alarms: readonly { readonly name: string; readonly raised: boolean }[];
  /** Of the endpoint itself. */
  readonly answer: Reply | undefined;
  /** Of the function's alias. */
  readonly functionAnswer: Reply | undefined;
  /** Those that are for this endpoint. */
  readonly golden: readonly { readonly image: GoldenImage; readonly answer: Reply | undefined }[];
  readonly approval: ArtifactApproval | undefined;
}

/** Statuses that end by themselves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html. */
const transitional = new Set(["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"]);

export function isTransitional(state: EndpointState | undefined): boolean {
  return state !== undefined && transitional.has(state.status);
}

export async function readState(
  { sagemaker }: Pick<VerifyClients, "sagemaker">,
  endpointName: string,
): Promise<EndpointState | undefined> {
  const found = await askedIfThere(
    "sagemaker:DescribeEndpoint",
    () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })),
    endpointName,
  );
  if (found === undefined) return undefined;
  const { EndpointStatus = "unknown", FailureReason, EndpointConfigName, ProductionVariants = [] } = found;
  return {
    status: EndpointStatus,
    failureReason: FailureReason,
    configName: EndpointConfigName,
    instances: ProductionVariants.find(({ VariantName }) => VariantName === variantName)
      ?.CurrentInstanceCount,
  };
}

export async function readMinimum(
  { scaling }: Pick<VerifyClients, "scaling">,
  { endpointName, serving }: ExpectedEndpoint,
): Promise<number | undefined> {
  if (!isScaled(serving)) return undefined;
  const { ScalableTargets = [] } = await asked(
    "application-autoscaling:DescribeScalableTargets",
    () =>
      scaling.send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: "sagemaker",
          ResourceIds: [variantResourceId(endpointName)],
          ScalableDimension: instanceCountDimension,
        }),
      ),
    endpointName,
  );
  return ScalableTargets[0]?.MinCapacity;
}

/** Ends of the names of what else is watched about an endpoint (infra/rules/alarms.ts). An idle endpoint is not a broken one. */
const alarmSuffixes = [
  "function-canary",
  "function-errors",
  "function-throttles",
  "function-misconfigured",
  "failed-calls",
];

export async function readAlarms(
  { cloudwatch }: Pick<VerifyClients, "cloudwatch">,
  { endpointName, alarmNames }: ExpectedEndpoint,
): Promise<Observed["alarms"]> {
  const names = [...alarmNames, ...alarmSuffixes.map((suffix) => `${endpointName}-${suffix}`)];
  return asked(
    "cloudwatch:DescribeAlarms",
    async () => {
      const found: { name: string; raised: boolean }[] = [];
      for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
        { client: cloudwatch },
        { AlarmNames: names },
      ))
        for (const { AlarmName = "", StateValue } of MetricAlarms)
          found.push({ name: AlarmName, raised: StateValue === "ALARM" });
      return found;
    },
    endpointName,
  );
}
