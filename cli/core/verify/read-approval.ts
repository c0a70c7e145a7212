import type { AwsClients } from "../aws/clients";
import { digestsOf } from "../promote/history";
import { type ModelPackage, packageOfDigest, readPackages } from "../promote/packages";
import { readPromotions } from "../prune/read-storage";
import type { ExpectedEndpoint } from "./expected";

/** What the model registry says about a promoted artifact. */
export interface ArtifactApproval {
  /** Absent where it is no version of the model's group. */
  readonly version: ModelPackage | undefined;
  /** Whether it was promoted once, if only before the model had a registry. */
  readonly isInHistory: boolean;
}

/** Nothing of a model that has no group of the registry, or whose group is not deployed yet. */
export async function readApproval(
  clients: Pick<AwsClients, "sagemaker" | "s3">,
  { modelName, digest, registry }: Pick<ExpectedEndpoint, "modelName" | "digest" | "registry">,
): Promise<ArtifactApproval | undefined> {
  if (registry === undefined || registry === "not deployed") return undefined;
  const { groupName, modelsBucketName } = registry;
  const version = packageOfDigest(await readPackages(clients, groupName, modelsBucketName), digest);
  if (version !== undefined) return { version, isInHistory: true };
  const promotions = await readPromotions(clients, modelsBucketName);
  return { version, isInHistory: digestsOf(promotions, modelName).includes(digest) };
}
