import {
  type ModelPackageSummary,
  paginateListModelPackageGroups,
  paginateListModelPackages,
} from "@aws-sdk/client-sagemaker";
import type { AwsClients } from "../aws/clients";
import { inParallel } from "../aws/in-parallel";
import type { PackageUse } from "./account";
import { packageArtifacts } from "./package-artifacts";
import { pages } from "./read-hosting";

type SageMaker = AwsClients["sagemaker"];

const pageSize = 100;

/**
 * Model packages of the account and region that may yet be deployed: all but rejected ones, of every group and of none. They are
 * described anew each time, as an update may give a package another artifact.
 */
export async function readPackageUses(client: SageMaker): Promise<readonly PackageUse[]> {
  const groups = await pages("sagemaker:ListModelPackageGroups", () =>
    paginateListModelPackageGroups({ client, pageSize }, {}),
  );
  const names = groups
    .flatMap(({ ModelPackageGroupSummaryList = [] }) => ModelPackageGroupSummaryList)
    .map(({ ModelPackageGroupName }) => ModelPackageGroupName);
  // Without a group the listing has only packages that are in none.
  const listed = await inParallel([...names, undefined], (name) => summariesOf(client, name));
  const uses = await inParallel(
    listed.flat().filter(({ ModelApprovalStatus }) => ModelApprovalStatus !== "Rejected"),
    async ({ ModelPackageArn: arn = "", ModelPackageGroupName: group, ModelPackageVersion: version }) => {
      const artifactUris = await packageArtifacts(client, arn);
      const by = group === undefined ? arn.split("/").at(-1) : `${group}, version ${version}`;
      return { by: `model package ${by}`, artifactUris };
    },
  );
  return uses.filter(({ artifactUris }) => artifactUris.length > 0);
}

async function summariesOf(
  client: SageMaker,
  group: string | undefined,
): Promise<readonly ModelPackageSummary[]> {
  const listed = await pages("sagemaker:ListModelPackages", () =>
    paginateListModelPackages(
      { client, pageSize },
      group === undefined ? {} : { ModelPackageGroupName: group, ModelPackageType: "Versioned" },
    ),
  );
  return listed.flatMap(({ ModelPackageSummaryList = [] }) => ModelPackageSummaryList);
}
