import type { ModelPackage } from "./packages";
import type { Registry } from "./register";

/** Enough of a digest to name it to a command. */
const digestColumns = 12;

export function shortDigest(digest: string): string {
  return digest.slice(0, digestColumns);
}

/** "version 3 of sagemaker-ops-prod-breeds". */
export function versionText({ version, groupName }: Pick<ModelPackage, "version" | "groupName">): string {
  return `version ${version} of ${groupName}`;
}

/** "Rejected by ann: too dark", as whoever judged it put it. */
export function judgement({ approval, approvalDescription }: ModelPackage): string {
  if (approval === "PendingManualApproval") return "waits for approval";
  return approvalDescription === undefined || approvalDescription === ""
    ? approval
    : `${approval}: ${approvalDescription}`;
}

export interface Asked {
  readonly model: string;
  readonly stack: string;
}

/**
 * Why a registered artifact may not be promoted, with what to do; nothing where it may.
 */
export function whyNotPromoted(
  version: ModelPackage,
  { approval }: Pick<Registry, "approval">,
  { model, stack }: Asked,
): string | undefined {
  const command = `npx sagemaker-ops approve ${model} ${shortDigest(version.digest)} --stack ${stack}`;
  if (version.approval === "Rejected")
    return `It was rejected (${versionText(version)}; ${judgement(version)}). Promote another artifact; who thinks better of this one runs \`${command}\`.`;
  if (approval === "automatic" || version.approval === "Approved") return undefined;
  const [who] = version.registeredBy;
  return `It waits for approval as ${versionText(version)}. Somebody else${who === undefined ? "" : ` than ${who}`} has to run \`${command}\`; then run this command again.`;
}

/**
 * Why a model may not go back to an artifact, with what to do; nothing where it may.
 *
 * @param version absent: the artifact is not registered, as one that was promoted before the model had a registry.
 * @param isInHistory whether the model was promoted to it once.
 */
export function whyNotGoneBackTo(
  version: ModelPackage | undefined,
  { approval, groupName }: Pick<Registry, "approval" | "groupName">,
  isInHistory: boolean,
  asked: Asked,
): string | undefined {
  if (version !== undefined) return whyNotPromoted(version, { approval }, asked);
  return approval === "automatic" || isInHistory
    ? undefined
    : `It was never promoted as ${asked.model}, and is no version of ${groupName}: \`promote\` registers it, and somebody else approves it.`;
}
