import { resourceCeiling } from "./resource-ceiling";

/** Every job of the search is counted at the dearest of its definitions, for as long as it may take. */
export const tuningJobCeiling = resourceCeiling({
  id: "cost-tuning-job-ceiling",
  title: "Tuning jobs within their ceiling",
  sentence:
    "No tuning job can cost more than its ceiling, and each says how many training jobs it may start.",
  remediation:
    "Lower maxNumberOfTrainingJobs, shorten stoppingCondition, take cheaper instances, or raise ceilings.jobUsd for the environment.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceLimits.html",
  types: ["aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"],
  setting: "jobUsd",
  defaultUsd: 50,
  description: "USD of one search: number of jobs × instances × the longest time of one job.",
  subject: "This tuning job",
  per: "a search",
  lever: "set a lower config.resourceLimits.maxNumberOfTrainingJobs or a shorter stoppingCondition",
});
