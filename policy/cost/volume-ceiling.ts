import { volumesCost } from "../catalog/estimate";
import { resourceCeiling } from "./resource-ceiling";

/** Volumes of jobs are priced as if they existed all month, so that a size is judged by one measure everywhere. */
export const volumeCeiling = resourceCeiling({
  id: "cost-volume-ceiling",
  title: "Volumes within their monthly ceiling",
  sentence: "The volumes of no resource cost more per month than their ceiling.",
  remediation: "Make the volumes smaller or fewer, or raise the ceiling of the environment.",
  url: "https://aws.amazon.com/ebs/pricing/",
  types: [
    "aws:sagemaker/notebookInstance:NotebookInstance",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    "aws:sagemaker/trainingJob:TrainingJob",
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:ebs/volume:Volume",
  ],
  setting: "monthlyUsd",
  defaultUsd: 200,
  description: "USD per month of all volumes of one resource, for as long as they exist.",
  subject: "The storage of this resource",
  per: "a month",
  lever: "make the volumes smaller or fewer",
  refusesMissingRates: true,
  parts: volumesCost,
});
