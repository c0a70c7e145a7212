import { join } from "node:path";
import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { awsStatus } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { inScratchFolder } from "../scratch-folder";
import { callerOf } from "./caller";
import { declaredModel } from "./declared-model";
import { type ArtifactSource, download, findSource } from "./find-source";
import { type InspectedArtifact, inspectArtifact } from "./inspect-artifact";
import { recordOnce } from "./record-once";
import { registryOf } from "./register";
import { foreseenRegistration, type Registration, registration, settled } from "./registration";
import { clearBeside, type FileChange, promotedFile, writeFile } from "./stack-file";
import { holdsArtifact, type Provenance, type StoredFrom, storeArtifact } from "./store";

export type PromoteClients = Pick<AwsClients, "sagemaker" | "s3" | "sts">;

export interface PromoteRequest {
  readonly model: string;
  /** A file, `s3://bucket/key`, or a job. */
  readonly from: string;
  /**
   * Share of validation images that the artifact must have classified right. It can only ask for more than the configuration.
   * @default - what the configuration asks for
   */
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
  /** The artifact in the model registry; absent where the model has none. */
  readonly registration: Registration | undefined;
  /** Why the digest is not written, and what to do; absent where it is. */
  readonly refusal: string | undefined;
  /** Absent where the file has the digest already. */
  readonly change: FileChange | undefined;
}

/**
 * Stores an artifact under its digest, registers it, records the promotion, and writes the digest into the stack's file, in this order:
 * whatever names an artifact, names one that is there. Where an approval is missing it ends after registering, and where the file
 * cannot be written the record is taken back. It can be killed anywhere and run again.
 */
export async function promoteModel(
  clients: PromoteClients,
  declared: DeclaredStack,
  contract: Pick<Contract, "jobs" | "buckets" | "models">,
  request: PromoteRequest,
  folder: string,
): Promise<Promoted> {
  const { model, now } = request;
  const wanted = declaredModel(declared, model);
  const minimum = minimumOf(model, wanted.promotion.minAccuracy, request.minAccuracy);
  const registry = registryOf(model, wanted, contract, declared.stack);
  const source = await findSource(clients, request.from, contract);
  return inScratchFolder("sagemaker-ops-promote-", async (scratch) => {
    const { artifact, from } = await fetched(clients, source, join(scratch, "model.tar.gz"));
    const accuracy =
      artifact.validationAccuracy ?? (source.kind === "object" ? source.validationAccuracy : undefined);
    requireFit(model, wanted.classes, artifact, accuracy, minimum);

    const { digest } = artifact;
    const known = { model, source: source.title, artifact, validationAccuracy: accuracy };
    const provenance = await provenanceOf(clients, source, accuracy, now);
    const change = (what: Provenance) =>
      wanted.digest === digest ? undefined : promotedFile(declared, model, digest, what);
    const told = { model, stack: declared.stack };
    const wish = registry && {
      ...registry,
      ...told,
      digest,
      sizeBytes: artifact.sizeBytes,
      classes: artifact.classes,
      validationAccuracy: accuracy,
      source: provenance.source,
      registeredBy: provenance.promotedBy,
    };
    if (request.dryRun) {
      const foreseen = wish && (await foreseenRegistration(clients, wish, told));
      return { ...known, ...settled(foreseen), stored: undefined, change: change(provenance) };
    }

    const stored = await storeArtifact(clients, contract.buckets.models, digest, from);
    const made = wish && (await registration(clients, wish, declared, told));
    if (made?.refusal !== undefined) return { ...known, ...settled(made), stored, change: undefined };
    const recorded = await recordOnce(
      clients,
      contract.buckets.models,
      { model, digest, at: now },
      { provenance, previousDigest: wanted.digest ?? null },
    );
    // Who prunes sees the record from here on, and may have deleted before what was there for long.
    if (!stored && !(await holdsArtifact(clients, contract.buckets.models, digest)))
      throw new CommandError(
        "The artifact was deleted while this command ran, by a `prune` at the same time. Run the command again.",
        awsStatus.failed,
      );
    const written = change(recorded.provenance);
    try {
      if (written === undefined) clearBeside(declared.file);
      else writeFile(written, folder, declared.stack);
    } catch (error) {
      return recorded.takeBack(error);
    }
    return { ...known, ...settled(made), stored, change: written };
  });
}

type Minimum = { readonly share: number; readonly from: string } | undefined;

/** @throws CommandError where the option asks for less than the configuration: that is for the file, where others review it. */
function minimumOf(model: string, configured: number | undefined, given: number | undefined): Minimum {
  const key = `models.${model}.promotion.minAccuracy`;
  if (given === undefined) return configured === undefined ? undefined : { share: configured, from: key };
  if (configured !== undefined && given < configured)
    throw new CommandError(
      `--min-accuracy is ${given}, and ${key} is ${configured}; the option can only ask for more. Leave it out, or change the stack's file, where the change is reviewed.`,
    );
  return { share: given, from: "--min-accuracy" };
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
  minimum: Minimum,
): void {
  if (artifact.classes !== classes)
    throw new CommandError(
      `The artifact tells ${artifact.classes} classes apart, and models.${model}.classes is ${classes}. Promote another artifact, or correct the configuration.`,
    );
  if (minimum !== undefined && !(accuracy !== undefined && accuracy >= minimum.share))
    throw new CommandError(
      `The artifact's validation accuracy is ${accuracy ?? "unknown"}, and ${minimum.from} is ${minimum.share}. Train a better model.`,
      1,
    );
}

async function provenanceOf(
  clients: PromoteClients,
  source: ArtifactSource,
  accuracy: number | undefined,
  now: Date,
): Promise<Provenance> {
  const caller = await callerOf(clients);
  return {
    source: source.title.slice(0, 300),
    promotedAt: now.toISOString(),
    promotedBy: caller.slice(0, 300),
    ...(accuracy === undefined ? {} : { validationAccuracy: accuracy }),
  };
}
