import { resourceCeiling } from "./resource-ceiling";

/** Spot jobs are counted until their waiting time is over, since interruptions start them again until then. */
export const trainingJobCeiling = resourceCeiling({
  id: "cost-training-job-ceiling",
  title: "Training jobs within their ceiling",
  sentence: "No training job can cost more than its ceiling, however long it runs.",
  remediation:
    "Shorten stoppingCondition, take fewer or cheaper instances, or raise ceilings.jobUsd for the environment.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html",
  types: ["aws:sagemaker/trainingJob:TrainingJob"],
  setting: "jobUsd",
  defaultUsd: 25,
  description:
    "USD of one run: instances × the longest time it may take, volumes and time kept warm included.",
  subject: "This training job",
  per: "a run",
  lever: "take fewer instances or a shorter stoppingCondition",
});
