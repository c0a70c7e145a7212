import { joinedCeiling } from "./joined-ceiling";

/**
 * Each endpoint with its configuration, also where several share one, and with the largest capacity that a scalable target, a scheduled
 * action or managed scaling allows. A deployment runs the fleet, or a batch of it, twice; it is counted once a month.
 */
export const endpointMaxCeiling = joinedCeiling({
  id: "cost-endpoint-max-ceiling",
  title: "Endpoints at their largest within their monthly ceiling",
  sentence: "No endpoint can cost more per month than its ceiling, however far it scales out.",
  severity: "high",
  remediation:
    "Lower the maximum capacity of the scalable target, take cheaper instances, or raise the ceiling of the environment.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html",
  owner: "aws:sagemaker/endpoint:Endpoint",
  others: ["aws:sagemaker/endpointConfiguration:EndpointConfiguration"],
  scaling: { namespace: "sagemaker", dimension: "sagemaker:variant:" },
  defaultUsd: 2000,
  description:
    "USD per month of one endpoint at its maximum capacity, shadow variants and one deployment included.",
  subject: "This endpoint",
  lever: "lower the maximum capacity",
});
