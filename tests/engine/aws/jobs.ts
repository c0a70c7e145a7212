import type { Cloud, CloudObject } from "./cloud";
import type { Behaviour } from "./control-plane";
import { assumeRole } from "./iam";

const trainingType = "aws:sagemaker/trainingJob:TrainingJob";
const tuningType = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

/** Simulated seconds that a job's work takes, unless it is stopped before. */
const workSeconds = 3000;

/** A job starts when it is made, is paid for from then on, and ends by itself: nothing waits for it. */
function startsAJob(
  roleArn: (object: CloudObject) => CloudObject["properties"][string] | undefined,
): Behaviour {
  return {
    create: (aws, object) => {
      assumeRole(aws, roleArn(object), "sagemaker");
      object.live.startedAtSeconds = aws.cloud.clockSeconds;
    },
    delete: ({ cloud }, object) => {
      // The provider stops what runs, and waits for that.
      if (jobStatus(cloud, object) === "InProgress") cloud.clockSeconds += 60;
    },
  };
}

export const trainingJob = startsAJob(({ properties }) => properties.roleArn);

export const tuningJob = startsAJob(({ properties }) => {
  const definition = properties.trainingJobDefinition;
  return typeof definition === "object" && definition !== null && !Array.isArray(definition)
    ? definition.roleArn
    : undefined;
});

/** What DescribeTrainingJob would say now. */
export function jobStatus(cloud: Cloud, { live }: CloudObject): "InProgress" | "Completed" {
  return cloud.clockSeconds - Number(live.startedAtSeconds) < workSeconds ? "InProgress" : "Completed";
}

/** Every job that was ever started, deleted ones too: each was paid for. */
export function startedJobs({ journal }: Cloud): string[] {
  return journal
    .filter(({ operation, outcome, type }) => operation === "create" && outcome === "ok" && isJob(type))
    .map(({ id }) => id);
}

function isJob(type: string): boolean {
  return type === trainingType || type === tuningType;
}
