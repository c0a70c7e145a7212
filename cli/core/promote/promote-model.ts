import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { asked } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { readPromotions } from "../prune/read-storage";
import { type ArtifactSource, download, findSource } from "./find-source";
import { digestsOf, recordOf } from "./history";
import { type InspectedArtifact, inspectArtifact } from "./inspect-artifact";
import { type FileChange, promotedFile, writeFile } from "./stack-file";
import { type Provenance, readRecord, recordPromotion, type StoredFrom, storeArtifact } from "./store";

export type PromoteClients = Pick<AwsClients, "sagemaker" | "s3" | "sts">;

export interface PromoteRequest {
  readonly model: string;
  /** A file, `s3://bucket/key`, or a job. */
  readonly from: string;
  /** Share of validation images that the artifact must have classified right. @default - none is asked for */
  readonly minAccuracy: number | undefined;
  readonly dryRun: boolean;
  readonly now: Date;
}

export interface Promoted {
  readonly model: string;
  readonly source: string;
  readonly artifact: InspectedArtifact;
  readonly validationAccuracy: number | undefined;
  /** Whether the artifact had to be stored; absent of a dry run. */
  readonly stored: boolean | undefined;
  /** Absent where the file has the digest already. */
  readonly change: FileChange | undefined;
}

/**
 * Stores an artifact under its digest, records the promotion, and writes the digest into the stack's file, in this order: whatever
 * names an artifact, names one that is there. It can be killed anywhere and run again.
 */
export async function promoteModel(
  clients: PromoteClients,
  declared: DeclaredStack,
  { jobs, buckets }: Pick<Contract, "jobs" | "buckets">,
  request: PromoteRequest,
  folder: string,
): Promise<Promoted> {
  const { model, now } = request;
  const wanted = Object.hasOwn(declared.config.models, model) ? declared.config.models[model] : undefined;
  if (wanted === undefined)
    throw new CommandError(
      `Pulumi.${declared.stack}.yaml declares no model ${model}. It declares: ${Object.keys(declared.config.models).join(", ") || "none"}.`,
    );
  const source = await findSource(clients, request.from, jobs);
  const scratch = mkdtempSync(join(tmpdir(), "sagemaker-ops-promote-"));
  try {
    const { artifact, from } = await fetched(clients, source, join(scratch, "model.tar.gz"));
    const accuracy =
      artifact.validationAccuracy ?? (source.kind === "object" ? source.validationAccuracy : undefined);
    requireFit(model, wanted.classes, artifact, accuracy, request.minAccuracy);

    const { digest } = artifact;
    const known = { model, source: source.title, artifact, validationAccuracy: accuracy };
    const provenance = await provenanceOf(clients, source, accuracy, now);
    const change = (what: Provenance) =>
      wanted.digest === digest ? undefined : promotedFile(declared, model, digest, what);
    if (request.dryRun) return { ...known, stored: undefined, change: change(provenance) };

    const stored = await storeArtifact(clients, buckets.models, digest, from);
    const recorded = await recordOnce(clients, buckets.models, { model, digest, at: now }, provenance);
    const written = change(recorded);
    if (written !== undefined) writeFile(written, folder, declared.stack);
    return { ...known, stored, change: written };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function fetched(
  clients: PromoteClients,
  source: ArtifactSource,
  file: string,
): Promise<{ readonly artifact: InspectedArtifact; readonly from: StoredFrom }> {
  if (source.kind === "file")
    return { artifact: await inspectArtifact(source.path, source.title), from: source };
  const etag = await download(clients, source, file);
  return {
    artifact: await inspectArtifact(file, `The artifact of ${source.title}`),
    from: { ...source, etag },
  };
}

function requireFit(
  model: string,
  classes: number,
  artifact: InspectedArtifact,
  accuracy: number | undefined,
  minAccuracy: number | undefined,
): void {
  if (artifact.classes !== classes)
    throw new CommandError(
      `The artifact tells ${artifact.classes} classes apart, and models.${model}.classes is ${classes}. Promote another artifact, or correct the configuration.`,
    );
  if (minAccuracy !== undefined && !(accuracy !== undefined && accuracy >= minAccuracy))
    throw new CommandError(
      `The artifact's validation accuracy is ${accuracy ?? "unknown"}, and --min-accuracy is ${minAccuracy}. Train a better model.`,
      1,
    );
}

async function provenanceOf(
  { sts }: PromoteClients,
  source: ArtifactSource,
  accuracy: number | undefined,
  now: Date,
): Promise<Provenance> {
  const { Arn = "unknown" } = await asked("sts:GetCallerIdentity", () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  return {
    source: source.title.slice(0, 300),
    promotedAt: now.toISOString(),
    promotedBy: Arn.slice(0, 300),
    ...(accuracy === undefined ? {} : { validationAccuracy: accuracy }),
  };
}

/** Adds the record, unless the one that was added last is of the same artifact: a run before this one was ended after it. */
async function recordOnce(
  clients: PromoteClients,
  bucket: string,
  promotion: { readonly model: string; readonly digest: string; readonly at: Date },
  provenance: Provenance,
): Promise<Provenance> {
  const { model, digest } = promotion;
  const promotions = await readPromotions(clients, bucket);
  const last = digestsOf(promotions, model)[0] === digest ? recordOf(promotions, model, digest) : undefined;
  const before = last === undefined ? undefined : await readRecord(clients, bucket, last);
  if (before !== undefined) return before;
  await recordPromotion(clients, bucket, promotion, provenance);
  return provenance;
}
