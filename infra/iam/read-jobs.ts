import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Reads the state and results of the stack's training and tuning jobs; starts and stops none.
 *
 * Needed by the notebook, where people compare trials.
 *
 * @param jobNamePrefix what the names of the stack's jobs begin with.
 */
export function readJobs(place: Place, jobNamePrefix: string): Statement[] {
  const tuningJobs = regionalArn(place, "sagemaker", `hyper-parameter-tuning-job/${jobNamePrefix}*`);
  return [
    allow(
      "ReadTrainingJobs",
      ["sagemaker:DescribeTrainingJob"],
      [regionalArn(place, "sagemaker", `training-job/${jobNamePrefix}*`)],
    ),
    allow(
      "ReadTuningJobs",
      ["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:ListTrainingJobsForHyperParameterTuningJob"],
      [tuningJobs],
    ),
    // Listing has no resource type; it shows names and states of all jobs, not their settings.
    allow("ListJobs", ["sagemaker:ListHyperParameterTuningJobs", "sagemaker:ListTrainingJobs"], ["*"]),
  ];
}
