import {
  ListTagsForResourceCommand,
  type LogGroup as LogGroupSummary,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import {
  endpointLogGroupName,
  functionLogGroupName,
  type Naming,
  physicalName,
} from "../../../infra/rules/naming";
import { stackTagKey } from "../../../infra/rules/tags";
import type { AwsClients } from "../aws/clients";
import { asked, askedIfThere } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import { promotionOf, promotionsPrefix } from "../promote/history";
import type { Artifact, EndpointUse, LogGroup, ObjectVersion, Promotion } from "./account";
import { pages } from "./read-hosting";

interface FoundVersion extends ObjectVersion {
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

/** Artifacts of a models bucket, with every version: one of a deleted object is billed as any other. */
export async function readArtifacts(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
): Promise<readonly Artifact[]> {
  const found: FoundVersion[] = [];
  let from: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {};
  for (let more = true; more; ) {
    const marker = from;
    const page = await asked(
      "s3:ListBucketVersions",
      () =>
        s3.send(
          new ListObjectVersionsCommand({
            Bucket: bucket,
            Prefix: "models/",
            ...(marker.NextKeyMarker === undefined ? {} : { KeyMarker: marker.NextKeyMarker }),
            ...(marker.NextVersionIdMarker === undefined
              ? {}
              : { VersionIdMarker: marker.NextVersionIdMarker }),
          }),
        ),
      bucket,
    );
    const markers = (page.DeleteMarkers ?? []).map((one) => ({ ...one, Size: 0 }));
    for (const { Key = "", VersionId, Size = 0, LastModified } of [...(page.Versions ?? []), ...markers]) {
      found.push({
        key: Key,
        versionId: VersionId,
        sizeBytes: Size,
        createdAt: LastModified ?? new Date(0),
      });
    }
    more = page.IsTruncated === true;
    from = page;
  }
  return artifactsIn(found);
}

function artifactsIn(found: readonly FoundVersion[]): readonly Artifact[] {
  const byDigest = new Map<string, FoundVersion[]>();
  for (const version of found) {
    const digest = /^models\/([0-9a-f]{64})\//.exec(version.key)?.[1];
    if (digest === undefined) continue;
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), version]);
  }
  return [...byDigest].map(([digest, versions]) => ({
    digest,
    versions: versions.map(({ key, versionId }) => ({ key, versionId })),
    sizeBytes: versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    createdAt: new Date(Math.max(...versions.map(({ createdAt }) => createdAt.getTime()))),
  }));
}

/** The bucket's history of promotions, oldest first within a model. */
export async function readPromotions(
  { s3 }: Pick<AwsClients, "s3">,
  bucket: string,
): Promise<readonly Promotion[]> {
  const listed = await pages("s3:ListBucket", () =>
    paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: promotionsPrefix }),
  );
  return listed.flatMap(({ Contents = [] }) => Contents).flatMap(({ Key = "" }) => promotionOf(Key) ?? []);
}

export interface LogGroupScope {
  readonly naming: Naming;
  /** Of the project's other stacks. `dev-two` begins as `dev` does. */
  readonly otherEnvironments: readonly string[];
}

/** Log groups with the name of one of this stack's endpoints or functions, those of what is gone among them. */
export async function readLogGroups(
  { logs, lambda }: Pick<AwsClients, "logs" | "lambda">,
  scope: LogGroupScope,
  endpoints: readonly EndpointUse[],
): Promise<readonly LogGroup[]> {
  const kinds = [
    { what: "endpoint", groupName: endpointLogGroupName },
    { what: "function", groupName: functionLogGroupName },
  ] as const;
  const found = await Promise.all(
    kinds.map(async ({ what, groupName }) => {
      const prefix = groupName(physicalName(scope.naming, ""));
      const listed = await pages("logs:DescribeLogGroups", () =>
        paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: prefix }),
      );
      const groups = listed
        .flatMap(({ logGroups = [] }) => logGroups)
        .filter(({ logGroupName = "" }) => isOwn(logGroupName.slice(groupName("").length), scope));
      return inParallel(groups, async (group): Promise<LogGroup> => {
        const { logGroupName: name = "", creationTime = 0, storedBytes = 0 } = group;
        const writer = name.slice(groupName("").length);
        return {
          name,
          createdAt: new Date(creationTime),
          storedBytes,
          stackTag: await logGroupTag(logs, group),
          owner:
            what === "endpoint"
              ? endpoints.some((endpoint) => endpoint.name === writer)
                ? `endpoint ${writer}`
                : undefined
              : await functionNamed(lambda, writer),
        };
      });
    }),
  );
  return found.flat();
}

/** Whether the name is of this stack's environment, and not of one whose name begins as this one's does. */
function isOwn(writer: string, { naming, otherEnvironments }: LogGroupScope): boolean {
  const own = physicalName(naming, "");
  const longer = otherEnvironments
    .map((environment) => physicalName({ ...naming, environment }, ""))
    .filter((other) => other.length > own.length);
  return (
    writer.startsWith(own) && writer.length > own.length && !longer.some((other) => writer.startsWith(other))
  );
}

async function logGroupTag(
  logs: AwsClients["logs"],
  { logGroupArn, arn = "" }: Pick<LogGroupSummary, "arn" | "logGroupArn">,
): Promise<string | undefined> {
  // The older field ends in `:*`, which this call refuses.
  const resourceArn = logGroupArn ?? arn.replace(/:\*$/, "");
  const { tags = {} } =
    (await askedIfThere(
      "logs:ListTagsForResource",
      () => logs.send(new ListTagsForResourceCommand({ resourceArn })),
      resourceArn,
    )) ?? {};
  return tags[stackTagKey];
}

async function functionNamed(lambda: AwsClients["lambda"], name: string): Promise<string | undefined> {
  const found = await askedIfThere(
    "lambda:GetFunctionConfiguration",
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    name,
  );
  return found === undefined ? undefined : `function ${name}`;
}
