import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeTrainingJobCommand, ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import type { EmulatedServices } from "./clients";

/** Puts an artifact where each training job says that it has put its own: the emulator's jobs are done at once, and do nothing. */
export async function finishJobs({ sagemaker, s3 }: EmulatedServices, artifact: Uint8Array): Promise<void> {
  const { TrainingJobSummaries = [] } = await sagemaker.send(new ListTrainingJobsCommand({}));
  for (const { TrainingJobName } of TrainingJobSummaries) {
    const { ModelArtifacts } = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(ModelArtifacts?.S3ModelArtifacts ?? "") ?? [];
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: artifact }));
  }
}
