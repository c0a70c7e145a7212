import { resourceRule } from "../rule";
import { ARN_READS } from "./attached";
import { refuseAttached } from "./attached-policies";
import type { ManagedPolicy } from "./managed-policy";
import { FULL_ACCESS } from "./no-sagemaker-full-access";

const REMEDY =
  "Grant the actions that are used on the ARNs they are used on, or attach the service's read-only policy.";

/** Whole occupations of people, under the path /job-function/. */
const JOBS = new Set([
  "DataScientist",
  "DatabaseAdministrator",
  "NetworkAdministrator",
  "SystemAdministrator",
]);

/**
 * Policies of AWS without FullAccess in their names that amount to it all the same: those whose documents this pack's own evaluator finds
 * to give full access to SageMaker. Read from the managed policies in moto 5.2.5 (Apache-2.0), that is of autumn 2026.
 */
const FULL_BY_CONTENT = new Set([
  "AIDevOpsAgentActionsPolicy",
  "AWSDeepRacerServiceRolePolicy",
  "AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary",
  "AmazonSageMakerModelCustomizationCoreAccess",
  "AmazonSageMakerServiceCatalogProductsCloudformationServiceRolePolicy",
  "AmazonSageMakerServiceCatalogProductsCodeBuildServiceRolePolicy",
  "AmazonSageMakerServiceCatalogProductsLambdaServiceRolePolicy",
  "SageMakerStudioAdminIAMDefaultExecutionPolicy",
  "SageMakerStudioAdminIAMPermissiveExecutionPolicy",
  "SageMakerStudioProjectRoleMachineLearningPolicy",
  "SageMakerStudioProjectUserRolePermissionsBoundary",
  "SageMakerStudioUserIAMDefaultExecutionPolicy",
  "SageMakerStudioUserIAMPermissiveExecutionPolicy",
]);

/**
 * Managed policies of AWS that give all of a service, an occupation or a platform. AmazonSageMakerFullAccess, AdministratorAccess and
 * PowerUserAccess have rules of their own.
 */
export const noBroadManagedPolicy = resourceRule({
  id: "iam-no-broad-managed-policy",
  title: "No broad policy of AWS",
  sentence:
    "No principal has a policy of AWS that gives full access to a service or covers a whole occupation.",
  severity: "high",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  reads: ARN_READS,
  check: (subject) =>
    refuseAttached(subject, (policy) => {
      const why = whyBroad(policy);
      return why === undefined ? undefined : `${why} ${REMEDY}`;
    }),
});

export function whyBroad({ name }: ManagedPolicy): string | undefined {
  if (name === FULL_ACCESS) return undefined;
  if (/Full_?Access/.test(name)) return "It gives full access to a service, on all of its resources.";
  if (name.startsWith("AdministratorAccess-")) return "It gives the administration of a platform.";
  if (JOBS.has(name)) return "It covers a whole occupation, across many services.";
  if (FULL_BY_CONTENT.has(name)) return "Its document amounts to full access to SageMaker.";
  return undefined;
}
