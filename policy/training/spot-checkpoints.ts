import { undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { jobReads, jobsOf } from "./jobs";

const REMEDY =
  "Set checkpointConfig.s3Uri, and let the program write to and resume from /opt/ml/checkpoints.";

export const spotCheckpoints = resourceRule({
  id: "training-spot-checkpoints",
  title: "Checkpoints on spot instances",
  sentence:
    "Every job on spot instances keeps checkpoints, so that an interruption does not start it from nothing.",
  severity: "medium",
  level: "mandatory",
  group: "training",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",
  reads: jobReads("enableManagedSpotTraining", "checkpointConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap(({ prefix, path, properties: job }) => {
      if (job === UNKNOWN) return [undecided(path)];
      const spot = truth(at(job, "enableManagedSpotTraining"));
      const place = at(job, "checkpointConfig.s3Uri");
      if (spot === "false" || spot === "missing" || isText(place)) return [];
      if (place === UNKNOWN) return [undecided(`${prefix}checkpointConfig.s3Uri`)];
      if (spot === "unknown") return [undecided(`${prefix}enableManagedSpotTraining`)];
      return [
        violation(
          `${prefix}enableManagedSpotTraining is on and ${prefix}checkpointConfig.s3Uri names no place: an interrupted job starts from nothing, and its hours are paid twice. ${REMEDY}`,
        ),
      ];
    }),
});
