import { UpdateModelPackageCommand } from "@aws-sdk/client-sagemaker";
import type { Contract } from "../../../infra/outputs";
import type { AwsClients } from "../aws/clients";
import { asked, awsStatus } from "../aws/errors";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { judgement, shortDigest, versionText } from "./approval";
import { callerOf } from "./caller";
import { declaredModel } from "./declared-model";
import { metadataText } from "./package-input";
import { type ModelPackage, readPackages } from "./packages";
import { registryOf } from "./register";

export interface JudgeRequest {
  readonly model: string;
  /** Whole digest or the beginning of one, 6 digits at least. @default - the one version that waits */
  readonly digest: string | undefined;
  readonly verdict: "Approved" | "Rejected";
  readonly comment: string | undefined;
}

export interface Judged {
  readonly model: string;
  readonly version: ModelPackage;
  /** ARN of whoever judges. */
  readonly by: string;
  readonly verdict: "Approved" | "Rejected";
  /** False where the version had this verdict before. */
  readonly changed: boolean;
}

/** What AWS keeps of a description. */
const descriptionLength = 1024;

/**
 * Approves or rejects an artifact of the model registry, and says in its record who did.
 *
 * An approval is a second person's: whoever registered an artifact cannot approve it, only reject it. Identities are compared by the
 * ARNs that STS and the registry tell. What it does not hold back is somebody with two identities, or the console: who may approve at
 * all is for IAM to say, by `sagemaker:UpdateModelPackage`.
 *
 * @throws CommandError where the model has no registry, no version fits, or it is the caller's own.
 */
export async function judgeVersion(
  clients: Pick<AwsClients, "sagemaker" | "sts">,
  declared: DeclaredStack,
  contract: Pick<Contract, "buckets" | "models">,
  request: JudgeRequest,
): Promise<Judged> {
  const { model, verdict, comment } = request;
  const known = declaredModel(declared, model);
  const registry = registryOf(model, known, contract, declared.stack);
  if (registry === undefined)
    throw new CommandError(
      `models.${model}.registry is "none" in Pulumi.${declared.stack}.yaml: its artifacts need no approval. Configure kind: group, and deploy it, for that.`,
    );
  const packages = await readPackages(clients, registry.groupName, registry.modelsBucketName);
  const version = chosen(packages, request, registry.groupName);
  const by = await callerOf(clients);
  if (version.approval === verdict) return { model, version, by, verdict, changed: false };
  if (verdict === "Approved" && isOwn(version, by))
    throw new CommandError(
      `${by} has registered ${versionText(version)}; an approval is somebody else's. Ask another person to run this command, or set models.${model}.registry.approval to automatic.`,
      awsStatus.failed,
    );
  await asked(
    "sagemaker:UpdateModelPackage",
    () =>
      clients.sagemaker.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: version.arn,
          ModelApprovalStatus: verdict,
          ApprovalDescription: description(by, comment),
          // The content again: what is left out of a card may be taken for empty.
          ...(version.cardContent === undefined
            ? {}
            : {
                ModelCard: {
                  ModelCardContent: version.cardContent,
                  ModelCardStatus: verdict === "Approved" ? "Approved" : "Draft",
                },
              }),
        }),
      ),
    version.arn,
  );
  return { model, version, by, verdict, changed: true };
}

function chosen(
  packages: readonly ModelPackage[],
  { model, digest }: JudgeRequest,
  groupName: string,
): ModelPackage {
  const waiting = packages.filter(({ approval }) => approval === "PendingManualApproval");
  const fits = digest === undefined ? waiting : packages.filter((one) => one.digest.startsWith(digest));
  const digests = new Set(fits.map((one) => one.digest));
  const [first] = fits;
  if (digest !== undefined && !/^[0-9a-f]{6,64}$/.test(digest))
    throw new CommandError(
      `${JSON.stringify(digest)} is no digest. Give 64 hexadecimal digits, or the first 6 at least. ${listed(packages)}`,
    );
  // Versions are newest first: of one artifact the newest is meant.
  if (first !== undefined && digests.size === 1) return first;
  throw new CommandError(
    digest === undefined
      ? `${fits.length === 0 ? `No version of ${groupName} waits for approval.` : `${digests.size} artifacts wait for approval; say which: \`approve ${model} DIGEST\`.`} ${listed(packages)}`
      : `${digest} is ${fits.length === 0 ? `no version of ${groupName}` : "the beginning of several digests"}. ${listed(packages)}`,
  );
}

/** Versions that a message names. */
const mostNamed = 10;

function listed(packages: readonly ModelPackage[]): string {
  if (packages.length === 0) return "It has no versions.";
  const named = packages
    .slice(0, mostNamed)
    .map((one) => `${one.version} ${shortDigest(one.digest)} (${judgement(one)})`);
  return `Versions, newest first: ${named.join(", ")}${packages.length > mostNamed ? ` and ${packages.length - mostNamed} more` : ""}.`;
}

function isOwn({ registeredBy }: ModelPackage, caller: string): boolean {
  return registeredBy.some((who) => who === caller || who === metadataText(caller));
}

/** On one line: the field takes no line ends. */
function description(by: string, comment: string | undefined): string {
  const said = comment?.replace(/[\s\p{Cc}]+/gu, " ").trim() ?? "";
  return `by ${by}${said === "" ? "" : `: ${said}`}`.slice(0, descriptionLength);
}
