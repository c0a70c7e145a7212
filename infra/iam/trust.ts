import { type Place, regionalArn } from "../rules/place";
import { type PolicyDocument, policyDocument } from "./document";

export type TrustedService = "sagemaker" | "lambda" | "ec2" | "scheduler" | "vpc-flow-logs";

export interface ServiceTrustOptions {
  /**
   * On whose behalf the service may assume the role, as ARN patterns; services without source conditions refuse it.
   * @default - every resource of the service in this account and region
   */
  readonly sourceArns?: readonly string[];
}

/**
 * Lets a service assume a role, and where the service supports it, only on behalf of this account's resources, so
 * that nobody else can have the service use the role for them (the confused deputy).
 *
 * - sagemaker: SageMaker Developer Guide, "Cross-service confused deputy prevention".
 * - scheduler: EventBridge Scheduler User Guide, "Confused deputy prevention": the ARN is that of a schedule *group*,
 *   never of a schedule.
 * - vpc-flow-logs: VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
 * - ec2 and lambda: AWS documents no source keys for the roles of instance profiles and functions (EC2 User Guide, "IAM
 *   roles for Amazon EC2"; Lambda Developer Guide, "Defining Lambda function permissions with an execution role"; see
 *   also prowler-cloud/prowler#2810), so that a condition would lock the role. `iam:PassRole` does not cross accounts,
 *   which leaves no deputy to confuse.
 *
 * @throws Error when `sourceArns` is given for a service that does not send the key.
 */
export function serviceTrust(
  service: TrustedService,
  place: Place,
  { sourceArns }: ServiceTrustOptions = {},
): PolicyDocument {
  const anySource = sourcePattern(service, place);
  if (anySource === undefined && sourceArns !== undefined) {
    throw new Error(
      `${service} sends no aws:SourceArn when it assumes a role, so that sourceArns would lock the role: leave it out.`,
    );
  }
  return policyDocument([
    {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: { Service: servicePrincipal(service, place) },
      Action: ["sts:AssumeRole"],
      ...(anySource === undefined
        ? {}
        : {
            Condition: {
              StringEquals: { "aws:SourceAccount": place.accountId },
              ArnLike: { "aws:SourceArn": sourceArns ?? anySource },
            },
          }),
    },
  ]);
}

/** EC2 is named after the partition (`ec2.amazonaws.com.cn`); the other services keep one name everywhere. */
function servicePrincipal(service: TrustedService, { dnsSuffix }: Place): string {
  return service === "ec2" ? `ec2.${dnsSuffix}` : `${service}.amazonaws.com`;
}

function sourcePattern(service: TrustedService, place: Place): string | undefined {
  switch (service) {
    case "sagemaker":
      return regionalArn(place, "sagemaker", "*");
    case "scheduler":
      return regionalArn(place, "scheduler", "schedule-group/*");
    case "vpc-flow-logs":
      return regionalArn(place, "ec2", "vpc-flow-log/*");
    case "ec2":
    case "lambda":
      return undefined;
  }
}
