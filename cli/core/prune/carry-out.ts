import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { DeleteEndpointConfigCommand, DeleteModelCommand } from "@aws-sdk/client-sagemaker";
import type { AwsClients } from "../aws/clients";
import { AwsFailure, askedIfThere } from "../aws/errors";
import type { Account } from "./account";
import { type Decision, decide, type Protection } from "./decide";
import type { Look } from "./look";

export interface Outcome {
  readonly decision: Decision;
  /** `gone`: somebody else has deleted it. `kept`: it has come into use since it was looked at. */
  readonly kind: "deleted" | "gone" | "kept" | "failed";
  /** Why it was kept, or what failed. */
  readonly reason?: string;
}

export interface CarriedOut {
  readonly outcomes: readonly Outcome[];
  /** What ended it before all was done. What was done stays done, and the next run goes on. */
  readonly stoppedBy: AwsFailure | undefined;
}

/**
 * Deletes what is to be deleted, one thing after the other and users before what they use, so that it can be killed anywhere and
 * run again. The account is looked at again before each deletion: AWS deletes configurations, models and artifacts that are in
 * use without a word (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html).
 */
export async function carryOut(
  clients: AwsClients,
  look: Look,
  decisions: readonly Decision[],
  /** Read anew each time: the stack's file may have changed. */
  protection: () => Protection,
  done: (outcome: Outcome) => void,
): Promise<CarriedOut> {
  const outcomes: Outcome[] = [];
  for (const decision of decisions.filter(({ verdict }) => verdict === "delete")) {
    try {
      const outcome = await settle(clients, look, decision, protection);
      outcomes.push(outcome);
      done(outcome);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.stops) return { outcomes, stoppedBy: error };
      const failed = { decision, kind: "failed", reason: error.message } as const;
      outcomes.push(failed);
      done(failed);
    }
  }
  return { outcomes, stoppedBy: undefined };
}

async function settle(
  clients: AwsClients,
  look: Look,
  decision: Decision,
  protection: () => Protection,
): Promise<Outcome> {
  const account = await look.at(decision.kind);
  const now = decide(account, protection(), "actual").find(
    ({ kind, name }) => kind === decision.kind && name === decision.name,
  );
  if (now === undefined) return { decision, kind: "gone" };
  if (now.verdict === "keep") return { decision, kind: "kept", reason: now.reason };
  await remove(clients, decision, account, protection().modelsBucketName);
  return { decision, kind: "deleted" };
}

async function remove(
  { sagemaker, s3, logs }: AwsClients,
  { kind, name }: Decision,
  { artifacts }: Account,
  bucket: string | undefined,
): Promise<void> {
  switch (kind) {
    case "configuration":
      await askedIfThere(
        "sagemaker:DeleteEndpointConfig",
        () => sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
        name,
      );
      return;
    case "model":
      await askedIfThere(
        "sagemaker:DeleteModel",
        () => sagemaker.send(new DeleteModelCommand({ ModelName: name })),
        name,
      );
      return;
    case "artifact":
      // Each version by its id: without one S3 only adds a delete marker, and goes on billing.
      for (const { key, versionId } of artifacts.find(({ digest }) => digest === name)?.versions ?? []) {
        await askedIfThere(
          "s3:DeleteObjectVersion",
          () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })),
          `${bucket}/${key}`,
        );
      }
      return;
    case "logGroup":
      await askedIfThere(
        "logs:DeleteLogGroup",
        () => logs.send(new DeleteLogGroupCommand({ logGroupName: name })),
        name,
      );
  }
}
