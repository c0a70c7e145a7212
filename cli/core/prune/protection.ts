import type { DeployedStack } from "../aws/deployed-stack";
import type { DeclaredStack } from "../aws/stack-config";
import type { Protection } from "./decide";

/** What of a stack must stay, as its file and its state say. */
export function protectionOf(
  { naming, config }: DeclaredStack,
  { contract, resources = [] }: DeployedStack,
  keep: number,
  now: Date,
): Protection {
  const idsOf = (type: string) =>
    new Set(resources.filter((resource) => resource.type === type).map(({ id }) => id));
  return {
    stackTag: `${naming.project}/${naming.environment}`,
    keep,
    promotedDigests: new Set(
      Object.values(config.models).flatMap(({ digest }) => (digest === undefined ? [] : [digest])),
    ),
    deployedDigests: new Set(Object.values(contract?.endpoints ?? {}).map(({ modelDigest }) => modelDigest)),
    inState: {
      configurations: idsOf("aws:sagemaker/endpointConfiguration:EndpointConfiguration"),
      models: idsOf("aws:sagemaker/model:Model"),
      logGroups: idsOf("aws:cloudwatch/logGroup:LogGroup"),
    },
    modelsBucketName: contract?.buckets.models,
    now,
  };
}

/** What could not be looked at. */
export function pruneNotes({ contract, resources }: DeployedStack): readonly string[] {
  return [
    ...(contract === undefined
      ? [
          "The stack has no outputs, as before its first update or after its end: artifacts were not looked at.",
        ]
      : []),
    ...(resources === undefined
      ? [
          "The stack's state was not read: what is in it stays only as one of the newest, or where it is in use.",
        ]
      : []),
  ];
}
