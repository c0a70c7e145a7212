import { CreateModelPackageCommand } from "@aws-sdk/client-sagemaker";
import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { AwsFailure, asked, awsStatus } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import type { ModelConfig } from "./declared-model";
import { packageInput, type Registered } from "./package-input";
import { type ModelPackage, packageOfDigest, readPackage, readPackages } from "./packages";

/** Where a model's versions are, and whether they need an approval. */
export interface Registry {
  readonly groupName: string;
  readonly modelsBucketName: string;
  readonly approval: "required" | "automatic";
}

/**
 * The registry of a model, as its section of the stack's file wants it; nothing where it wants none.
 *
 * @throws CommandError where the group is configured and not deployed yet.
 */
export function registryOf(
  model: string,
  { registry }: ModelConfig,
  { models = {}, buckets }: Pick<Contract, "models" | "buckets">,
  stack: string,
): Registry | undefined {
  if (registry.kind === "none") return undefined;
  const deployed = Object.hasOwn(models, model) ? models[model] : undefined;
  if (deployed === undefined)
    throw new CommandError(
      `models.${model}.registry is configured, and the stack ${stack} is deployed without it. Run \`npx sagemaker-ops up --stack ${stack}\` first.`,
    );
  return {
    groupName: deployed.modelPackageGroupName,
    modelsBucketName: buckets.models,
    approval: registry.approval,
  };
}

/**
 * Registers an artifact as a version of its group, unless it is one already. Two runs at once, or one that was ended after the call,
 * make one version: the call's token is of the artifact.
 */
export async function registerOnce(
  clients: Pick<AwsClients, "sagemaker">,
  what: Registered,
  declared: DeclaredStack,
): Promise<{ readonly version: ModelPackage; readonly registered: boolean }> {
  const { groupName, modelsBucketName, digest } = what;
  const look = async () => packageOfDigest(await readPackages(clients, groupName, modelsBucketName), digest);
  const before = await look();
  if (before !== undefined) return { version: before, registered: false };
  const arn = await created(clients, what, declared);
  const version =
    arn === undefined ? await look() : await readPackage(clients, arn, groupName, modelsBucketName);
  if (version !== undefined) return { version, registered: arn !== undefined };
  throw new CommandError(
    `The artifact was registered in ${groupName}, and its version is not there, or is another artifact's. Look at the group in the console, then run the command again.`,
    awsStatus.failed,
  );
}

/** ARN of the new version; nothing where somebody else was first: the token is taken by a call that differs in who made it. */
async function created(
  { sagemaker }: Pick<AwsClients, "sagemaker">,
  what: Registered,
  declared: DeclaredStack,
): Promise<string | undefined> {
  try {
    const { ModelPackageArn } = await asked(
      "sagemaker:CreateModelPackage",
      () => sagemaker.send(new CreateModelPackageCommand(packageInput(what, declared))),
      what.groupName,
    );
    return ModelPackageArn;
  } catch (error) {
    if (error instanceof AwsFailure && error.code === "ConflictException") return undefined;
    throw error;
  }
}
