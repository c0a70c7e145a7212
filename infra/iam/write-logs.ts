import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

/** Log groups that SageMaker shares among all jobs and notebooks of an account, whoever deployed them. */
export const sharedLogGroups = {
  training: "/aws/sagemaker/TrainingJobs",
  notebook: "/aws/sagemaker/NotebookInstances",
} as const;

/**
 * Writes streams of one log group that the stack created before.
 *
 * Needed by functions, whose runtime creates its streams itself. Without it a function runs and leaves no trace.
 * Creating groups is left out on purpose: a group that comes into being by itself keeps its logs for ever.
 */
export function writeLogStreams(place: Place, logGroupName: string): Statement[] {
  return [allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams(place, logGroupName)])];
}

/**
 * Writes streams of an endpoint's own log group.
 *
 * Needed by serving. SageMaker looks a stream up before it writes to it; without these permissions a container that
 * fails its health check fails without a word.
 */
export function writeEndpointLogs(place: Place, logGroupName: string): Statement[] {
  return [
    allow("FindLogStreams", ["logs:DescribeLogStreams"], [group(place, logGroupName)]),
    ...writeLogStreams(place, logGroupName),
  ];
}

/**
 * Writes streams of a log group that SageMaker shares, and creates the group, which exists only once somebody in the
 * account has run a job.
 *
 * Needed by training jobs and the notebook.
 *
 * @param streamPrefix what the streams of this stack begin with; others' streams in the group stay out of reach.
 */
export function writeSharedLogs(place: Place, logGroupName: string, streamPrefix: string): Statement[] {
  return [
    allow("FindLogStreams", ["logs:CreateLogGroup", "logs:DescribeLogStreams"], [group(place, logGroupName)]),
    allow(
      "WriteLogs",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [streams(place, logGroupName, streamPrefix)],
    ),
  ];
}

/**
 * Delivers VPC flow logs to one log group that the stack created before (VPC User Guide, "IAM role for publishing flow
 * logs to CloudWatch Logs"; less `CreateLogGroup`).
 *
 * Needed by the flow logs role. Without it the flow log stays in "Access error".
 */
export function deliverFlowLogs(place: Place, logGroupName: string): Statement[] {
  return [
    // Listing groups has no resource type.
    allow("FindLogGroups", ["logs:DescribeLogGroups"], ["*"]),
    ...writeEndpointLogs(place, logGroupName),
  ];
}

/** Actions on a group are checked against its ARN with `:*` behind it; the bare ARN serves tagging only. */
function group(place: Place, logGroupName: string): string {
  return regionalArn(place, "logs", `log-group:${logGroupName}:*`);
}

function streams(place: Place, logGroupName: string, prefix = ""): string {
  return regionalArn(place, "logs", `log-group:${logGroupName}:log-stream:${prefix}*`);
}
