import { DescribeImagesCommand } from "@aws-sdk/client-ec2";
import {
  BatchGetImageCommand,
  DescribeImagesCommand as DescribeContainerImagesCommand,
} from "@aws-sdk/client-ecr";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { AwsFailure, asked, askedIfThere } from "../aws/errors";
import type { DoctorClients } from "./clients";
import type { FoundAmi, FoundImage } from "./image-availability";
import type { ImageNeed } from "./needs";

/**
 * Absent where the registry has no such image. Who may pull need not be allowed to describe, in AWS's registries neither: then it
 * is asked for as a pull asks.
 */
export async function askImage(
  { ecr }: Pick<DoctorClients, "ecr">,
  { image, tag, uri }: ImageNeed,
): Promise<FoundImage | undefined> {
  const input = {
    registryId: image.registry,
    repositoryName: image.repository,
    imageIds: [tag.startsWith("sha256:") ? { imageDigest: tag } : { imageTag: tag }],
  };
  try {
    const found = await askedIfThere(
      "ecr:DescribeImages",
      () => ecr.send(new DescribeContainerImagesCommand(input)),
      uri,
    );
    return found === undefined ? undefined : { pushedAt: found.imageDetails?.[0]?.imagePushedAt };
  } catch (error) {
    if (!(error instanceof AwsFailure) || !/^AccessDenied/.test(error.code)) throw error;
  }
  const found = await askedIfThere("ecr:BatchGetImage", () => ecr.send(new BatchGetImageCommand(input)), uri);
  return (found?.images ?? []).length === 0 ? undefined : {};
}

/** Id of the newest image of a type; absent where there is no such parameter. */
export async function askNewestAmi(
  { ssm }: Pick<DoctorClients, "ssm">,
  parameterName: string,
): Promise<string | undefined> {
  const found = await askedIfThere(
    "ssm:GetParameter",
    () => ssm.send(new GetParameterCommand({ Name: parameterName })),
    parameterName,
  );
  return found?.Parameter?.Value;
}

/** Those of the images that exist and may be seen. By filter: an id that is unknown would refuse the others too. */
export async function askAmis(
  { ec2 }: Pick<DoctorClients, "ec2">,
  ids: readonly string[],
): Promise<readonly FoundAmi[]> {
  const { Images = [] } = await asked("ec2:DescribeImages", () =>
    ec2.send(
      new DescribeImagesCommand({
        Filters: [{ Name: "image-id", Values: [...ids] }],
        IncludeDeprecated: true,
        IncludeDisabled: true,
      }),
    ),
  );
  return Images.map(({ ImageId, Name, State, CreationDate, DeprecationTime }) => ({
    id: ImageId ?? "",
    name: Name ?? "",
    state: State ?? "unknown",
    createdAt: dateOf(CreationDate),
    deprecatedAt: dateOf(DeprecationTime),
  }));
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
