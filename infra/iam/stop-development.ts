import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Stops exactly one notebook instance.
 *
 * Needed by the notebook itself, for its idle stop, and by the scheduler, in case that fails. Neither looks before it
 * stops, so that there is no permission to describe; SageMaker refuses to stop what is stopped.
 */
export function stopNotebook(place: Place, notebookName: string): Statement[] {
  return [allow("StopNotebook", ["sagemaker:StopNotebookInstance"], [notebookArn(place, notebookName)])];
}

/**
 * Stops the EC2 instance of one name, which is its tag `Name`. A policy with the id instead would be unknown in the preview that
 * makes the instance, and no rule could judge it there.
 *
 * Needed by the scheduler. The training box itself shuts its operating system down and needs no permission for that.
 */
export function stopInstance(place: Place, instanceName: string): Statement[] {
  return [
    allow("StopInstance", ["ec2:StopInstances"], [regionalArn(place, "ec2", "instance/*")], {
      StringEquals: { "aws:ResourceTag/Name": instanceName },
    }),
  ];
}

/** Names of notebook instances are lower-case in ARNs, like those of endpoints. */
function notebookArn(place: Place, notebookName: string): string {
  return regionalArn(place, "sagemaker", `notebook-instance/${notebookName.toLowerCase()}`);
}
