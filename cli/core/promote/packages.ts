import {
  DescribeModelPackageCommand,
  type DescribeModelPackageCommandOutput,
  paginateListModelPackages,
} from "@aws-sdk/client-sagemaker";
import { artifactKey } from "../../../infra/rules/naming";
import type { AwsClients } from "../aws/clients";
import { askedIfThere } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import { pages } from "../prune/read-hosting";

export type Approval = "Approved" | "Rejected" | "PendingManualApproval";

/** Keys of a package's metadata, as `promote` writes them. */
export const metadataKeys = {
  digest: "model-sha256",
  source: "source",
  registeredBy: "registered-by",
  validationAccuracy: "validation-accuracy",
  stack: "stack",
} as const;

/** A version of a group of the model registry, of an artifact in the stack's models bucket. */
export interface ModelPackage {
  readonly arn: string;
  readonly groupName: string;
  readonly version: number;
  /** SHA-256 of the artifact, by the address that the package loads it from. */
  readonly digest: string;
  readonly approval: Approval;
  /** What was said with the last approval or rejection. */
  readonly approvalDescription: string | undefined;
  /** ARNs of whoever registered it: as AWS noted it, and as `promote` did. */
  readonly registeredBy: readonly string[];
  readonly source: string | undefined;
  readonly validationAccuracy: number | undefined;
  /** JSON, as AWS keeps it. */
  readonly cardContent: string | undefined;
}

/**
 * Versions of a group, newest first. What loads nothing from the stack's models bucket, or is being deleted, is left out: it was made
 * by other hands, and nothing here decides about it.
 */
export async function readPackages(
  { sagemaker }: Pick<AwsClients, "sagemaker">,
  groupName: string,
  modelsBucketName: string,
): Promise<readonly ModelPackage[]> {
  const listed = await pages("sagemaker:ListModelPackages", () =>
    paginateListModelPackages(
      { client: sagemaker, pageSize: 100 },
      { ModelPackageGroupName: groupName, ModelPackageType: "Versioned" },
    ),
  );
  const summaries = listed.flatMap(({ ModelPackageSummaryList = [] }) => ModelPackageSummaryList);
  const described = await inParallel(summaries, ({ ModelPackageArn: arn = "" }) =>
    readPackage({ sagemaker }, arn, groupName, modelsBucketName),
  );
  return described.filter((one) => one !== undefined).sort((a, b) => b.version - a.version);
}

/** One version by its ARN; nothing where it is gone, or left out as above. */
export async function readPackage(
  { sagemaker }: Pick<AwsClients, "sagemaker">,
  arn: string,
  groupName: string,
  modelsBucketName: string,
): Promise<ModelPackage | undefined> {
  const described = await askedIfThere(
    "sagemaker:DescribeModelPackage",
    () => sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn })),
    arn,
  );
  return described === undefined ? undefined : packageOf(described, groupName, modelsBucketName);
}

/** The newest version of an artifact: whoever registers one again by hand means that one. */
export function packageOfDigest(packages: readonly ModelPackage[], digest: string): ModelPackage | undefined {
  return packages.find((one) => one.digest === digest);
}

export function artifactUri(modelsBucketName: string, digest: string): string {
  return `s3://${modelsBucketName}/${artifactKey(digest)}`;
}

function packageOf(
  described: DescribeModelPackageCommandOutput,
  groupName: string,
  bucket: string,
): ModelPackage | undefined {
  const { ModelPackageArn: arn, ModelPackageStatus, InferenceSpecification, CreatedBy } = described;
  if (arn === undefined || ModelPackageStatus === "Deleting" || ModelPackageStatus === "Failed")
    return undefined;
  const [container, ...others] = InferenceSpecification?.Containers ?? [];
  const uri = container?.ModelDataUrl ?? container?.ModelDataSource?.S3DataSource?.S3Uri ?? "";
  const digest = /\/models\/([0-9a-f]{64})\/model\.tar\.gz$/.exec(uri)?.[1];
  if (digest === undefined || uri !== artifactUri(bucket, digest) || others.length > 0) return undefined;
  const metadata = described.CustomerMetadataProperties ?? {};
  const accuracy = Number(metadata[metadataKeys.validationAccuracy] ?? Number.NaN);
  return {
    arn,
    groupName,
    version: described.ModelPackageVersion ?? 0,
    digest,
    // AWS leaves it out of a version that nobody has judged.
    approval: described.ModelApprovalStatus ?? "PendingManualApproval",
    approvalDescription: described.ApprovalDescription,
    registeredBy: [CreatedBy?.IamIdentity?.Arn, metadata[metadataKeys.registeredBy]].filter(
      (who) => who !== undefined,
    ),
    source: metadata[metadataKeys.source],
    validationAccuracy: Number.isNaN(accuracy) ? undefined : accuracy,
    cardContent: described.ModelCard?.ModelCardContent,
  };
}
