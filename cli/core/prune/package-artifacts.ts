import {
  DescribeModelPackageCommand,
  type DescribeModelPackageCommandOutput,
} from "@aws-sdk/client-sagemaker";
import type { AwsClients } from "../aws/clients";
import { askedIfThere } from "../aws/errors";

/** Every place in which a model package names an artifact; none of one that is gone. */
export async function packageArtifacts(
  client: AwsClients["sagemaker"],
  nameOrArn: string,
): Promise<readonly string[]> {
  const described = await askedIfThere(
    "sagemaker:DescribeModelPackage",
    () => client.send(new DescribeModelPackageCommand({ ModelPackageName: nameOrArn })),
    nameOrArn,
  );
  return described === undefined ? [] : urisIn(described);
}

function urisIn({
  InferenceSpecification,
  AdditionalInferenceSpecifications = [],
  SourceAlgorithmSpecification,
}: DescribeModelPackageCommandOutput): readonly string[] {
  const containers = [InferenceSpecification, ...AdditionalInferenceSpecifications].flatMap(
    (specification) => specification?.Containers ?? [],
  );
  return [
    ...containers.flatMap(({ ModelDataUrl, ModelDataSource, AdditionalModelDataSources = [], ...rest }) => [
      ModelDataUrl,
      ModelDataSource?.S3DataSource?.S3Uri,
      rest.AdditionalS3DataSource?.S3Uri,
      ...AdditionalModelDataSources.map(({ S3DataSource }) => S3DataSource?.S3Uri),
    ]),
    ...(SourceAlgorithmSpecification?.SourceAlgorithms ?? []).flatMap(({ ModelDataUrl, ModelDataSource }) => [
      ModelDataUrl,
      ModelDataSource?.S3DataSource?.S3Uri,
    ]),
  ].filter((uri) => uri !== undefined);
}
