import {
  type ContainerDefinition,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeInferenceComponentCommand,
  DescribeModelCommand,
  type DescribeModelCommandOutput,
  DescribeTransformJobCommand,
  type EndpointSummary,
  ListTagsCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  paginateListInferenceComponents,
  paginateListModels,
  paginateListTransformJobs,
} from "@aws-sdk/client-sagemaker";
import { stackTagKey } from "../../../infra/rules/tags";
import type { AwsClients } from "../aws/clients";
import { asked, askedIfThere } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import type { EndpointConfiguration, EndpointUse, HostedModel, ModelUse } from "./account";
import { lineageOf } from "./decide";
import { packageArtifacts } from "./package-artifacts";

type SageMaker = AwsClients["sagemaker"];

const pageSize = 100;

/**
 * What hosts models in the account and region, of all stacks. Configurations and models cannot be changed, so each is described
 * once; endpoints are described again whenever anything about them is new.
 */
export class HostingReader {
  private readonly endpoints = new Map<string, EndpointUse>();
  private readonly configurations = new Map<string, EndpointConfiguration>();
  private readonly models = new Map<string, HostedModel>();

  constructor(private readonly client: SageMaker) {}

  async readEndpoints(): Promise<readonly EndpointUse[]> {
    const listed = await pages("sagemaker:ListEndpoints", () =>
      paginateListEndpoints({ client: this.client, pageSize }, {}),
    );
    const summaries = listed.flatMap(({ Endpoints = [] }) => Endpoints);
    const uses = await inParallel(summaries, (summary) => this.endpoint(summary));
    return uses.filter((use) => use !== undefined);
  }

  async readConfigurations(): Promise<readonly EndpointConfiguration[]> {
    const listed = await pages("sagemaker:ListEndpointConfigs", () =>
      paginateListEndpointConfigs({ client: this.client, pageSize }, {}),
    );
    const summaries = listed.flatMap(({ EndpointConfigs = [] }) => EndpointConfigs);
    const all = await inParallel(
      summaries,
      async ({ EndpointConfigName: name = "", EndpointConfigArn: arn = "", CreationTime }) =>
        onceOnly(this.configurations, madeAs(name, CreationTime), () =>
          askedIfThere(
            "sagemaker:DescribeEndpointConfig",
            async () => {
              const described = await this.client.send(
                new DescribeEndpointConfigCommand({ EndpointConfigName: name }),
              );
              const { ProductionVariants = [], ShadowProductionVariants = [] } = described;
              return {
                name,
                createdAt: CreationTime ?? new Date(0),
                stackTag:
                  lineageOf("configuration", name) === undefined ? undefined : await this.stackTag(arn),
                modelNames: [...ProductionVariants, ...ShadowProductionVariants].flatMap(({ ModelName }) =>
                  ModelName === undefined ? [] : [ModelName],
                ),
              };
            },
            name,
          ),
        ),
    );
    return all.filter((one) => one !== undefined);
  }

  async readModels(): Promise<readonly HostedModel[]> {
    const listed = await pages("sagemaker:ListModels", () =>
      paginateListModels({ client: this.client, pageSize }, {}),
    );
    const summaries = listed.flatMap(({ Models = [] }) => Models);
    const all = await inParallel(
      summaries,
      async ({ ModelName: name = "", ModelArn: arn = "", CreationTime }) =>
        onceOnly(this.models, madeAs(name, CreationTime), () =>
          askedIfThere(
            "sagemaker:DescribeModel",
            async () => ({
              name,
              createdAt: CreationTime ?? new Date(0),
              artifactUris: await this.artifactsOf(
                await this.client.send(new DescribeModelCommand({ ModelName: name })),
              ),
              stackTag: lineageOf("model", name) === undefined ? undefined : await this.stackTag(arn),
            }),
            name,
          ),
        ),
    );
    return all.filter((one) => one !== undefined);
  }

  /** Inference components, and batch transform jobs that run. */
  async readModelUses(): Promise<readonly ModelUse[]> {
    const components = await pages("sagemaker:ListInferenceComponents", () =>
      paginateListInferenceComponents({ client: this.client, pageSize }, {}),
    );
    const jobs = await Promise.all(
      (["InProgress", "Stopping"] as const).map((StatusEquals) =>
        pages("sagemaker:ListTransformJobs", () =>
          paginateListTransformJobs({ client: this.client, pageSize }, { StatusEquals }),
        ),
      ),
    );
    const uses = await Promise.all([
      inParallel(
        components.flatMap(({ InferenceComponents = [] }) => InferenceComponents),
        ({ InferenceComponentName: name = "" }) => this.componentUse(name),
      ),
      inParallel(
        jobs.flat().flatMap(({ TransformJobSummaries = [] }) => TransformJobSummaries),
        ({ TransformJobName: name = "" }) => this.jobUse(name),
      ),
    ]);
    return uses.flat().filter((use) => use !== undefined);
  }

  private async endpoint(summary: EndpointSummary): Promise<EndpointUse | undefined> {
    const { EndpointName: name = "", EndpointStatus, LastModifiedTime, CreationTime } = summary;
    const describe = () =>
      askedIfThere(
        "sagemaker:DescribeEndpoint",
        async () => {
          const { EndpointConfigName, PendingDeploymentSummary } = await this.client.send(
            new DescribeEndpointCommand({ EndpointName: name }),
          );
          const named = [EndpointConfigName, PendingDeploymentSummary?.EndpointConfigName];
          return { name, configNames: named.filter((one) => one !== undefined) };
        },
        name,
      );
    // Anything else is about to change.
    if (EndpointStatus !== "InService") return describe();
    const key = `${madeAs(name, CreationTime)} ${LastModifiedTime?.getTime()}`;
    return onceOnly(this.endpoints, key, describe);
  }

  private componentUse(name: string): Promise<ModelUse | undefined> {
    return askedIfThere(
      "sagemaker:DescribeInferenceComponent",
      async () => {
        const { Specification } = await this.client.send(
          new DescribeInferenceComponentCommand({ InferenceComponentName: name }),
        );
        const modelName = Specification?.ModelName;
        return modelName === undefined ? undefined : { by: `inference component ${name}`, modelName };
      },
      name,
    );
  }

  private jobUse(name: string): Promise<ModelUse | undefined> {
    return askedIfThere(
      "sagemaker:DescribeTransformJob",
      async () => {
        const { ModelName } = await this.client.send(
          new DescribeTransformJobCommand({ TransformJobName: name }),
        );
        return ModelName === undefined ? undefined : { by: `transform job ${name}`, modelName: ModelName };
      },
      name,
    );
  }

  /** Every place in which a model names an artifact, those of the model package that it was made of among them. */
  private async artifactsOf(described: DescribeModelCommandOutput): Promise<readonly string[]> {
    const containers = containersOf(described);
    const packages = containers.flatMap(({ ModelPackageName: name }) => (name === undefined ? [] : [name]));
    const packaged = await inParallel(packages, (name) => packageArtifacts(this.client, name));
    return [...artifactsIn(containers), ...packaged.flat()];
  }

  private async stackTag(arn: string): Promise<string | undefined> {
    const { Tags = [] } = await asked(
      "sagemaker:ListTags",
      () => this.client.send(new ListTagsCommand({ ResourceArn: arn, MaxResults: 100 })),
      arn,
    );
    return Tags.find(({ Key }) => Key === stackTagKey)?.Value;
  }
}

/** All pages of a listing. */
export function pages<T>(action: string, paginate: () => AsyncIterable<T>): Promise<readonly T[]> {
  return asked(action, async () => {
    const all: T[] = [];
    for await (const page of paginate()) all.push(page);
    return all;
  });
}

function containersOf({
  PrimaryContainer,
  Containers = [],
}: DescribeModelCommandOutput): readonly ContainerDefinition[] {
  return [...(PrimaryContainer === undefined ? [] : [PrimaryContainer]), ...Containers];
}

/** A folder of files that are not packed ends in a slash. */
function artifactsIn(containers: readonly ContainerDefinition[]): readonly string[] {
  return containers.flatMap(({ ModelDataUrl, ModelDataSource, AdditionalModelDataSources = [] }) =>
    [
      ModelDataUrl,
      ModelDataSource?.S3DataSource?.S3Uri,
      ...AdditionalModelDataSources.map(({ S3DataSource }) => S3DataSource?.S3Uri),
    ].filter((uri) => uri !== undefined),
  );
}

/** A name may be used again after a deletion. */
function madeAs(name: string, createdAt: Date | undefined): string {
  return `${name} ${createdAt?.getTime()}`;
}

async function onceOnly<T>(
  known: Map<string, T>,
  key: string,
  make: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = await make();
  if (made !== undefined) known.set(key, made);
  return made;
}
