import type { AwsClients } from "../aws/clients";
import type { DeclaredStack } from "../aws/stack-config";
import { type Asked, judgement, versionText, whyNotPromoted } from "./approval";
import type { Registered } from "./package-input";
import { type Approval, type ModelPackage, packageOfDigest, readPackages } from "./packages";
import { type Registry, registerOnce } from "./register";

/** An artifact in the model registry, as far as a promotion tells of it. */
export interface Registration {
  readonly groupName: string;
  /** Absent of a dry run, where it is not registered yet. */
  readonly version: number | undefined;
  readonly arn: string | undefined;
  readonly approval: Approval;
  /** "version 3 of sagemaker-ops-prod-breeds, approved by ann". */
  readonly text: string;
}

/** A registration, and whether the promotion may go on. */
export interface Settled {
  readonly registration: Registration;
  /** Why it may not, and what to do. */
  readonly refusal: string | undefined;
}

/** What is to be registered; the approval that it is given follows from the registry. */
type Wish = Omit<Registered, "approval"> & Registry;

/** Registers the artifact where it is not registered. */
export async function registration(
  clients: Pick<AwsClients, "sagemaker">,
  wish: Wish,
  declared: DeclaredStack,
  asked: Asked,
): Promise<Settled> {
  const what = { ...wish, approval: firstApproval(wish) };
  const { version, registered } = await registerOnce(clients, what, declared);
  return told(version, wish, asked, registered ? "registered as " : "");
}

/** What `registration` would do, without doing it. */
export async function foreseenRegistration(
  clients: Pick<AwsClients, "sagemaker">,
  wish: Wish,
  asked: Asked,
): Promise<Settled> {
  const { groupName, modelsBucketName, digest } = wish;
  const version = packageOfDigest(await readPackages(clients, groupName, modelsBucketName), digest);
  if (version !== undefined) return told(version, wish, asked, "");
  const approval = firstApproval(wish);
  return {
    registration: {
      groupName,
      version: undefined,
      arn: undefined,
      approval,
      text: `would be registered in ${groupName}, ${approval}`,
    },
    refusal:
      approval === "Approved"
        ? undefined
        : `It would be registered in ${groupName}, and somebody else would have to approve it before it is promoted.`,
  };
}

/** Of a model without a registry nothing is registered, and nothing stands in the way. */
export function settled(made: Settled | undefined): {
  readonly registration: Registration | undefined;
  readonly refusal: string | undefined;
} {
  return made ?? { registration: undefined, refusal: undefined };
}

function firstApproval({ approval }: Pick<Registry, "approval">): Approval {
  return approval === "required" ? "PendingManualApproval" : "Approved";
}

function told(version: ModelPackage, registry: Registry, asked: Asked, lead: string): Settled {
  const { groupName, arn, approval } = version;
  return {
    registration: {
      groupName,
      version: version.version,
      arn,
      approval,
      text: `${lead}${versionText(version)}, ${judgement(version)}`,
    },
    refusal: whyNotPromoted(version, registry, asked),
  };
}
