import type { Use } from "../catalog/instance-types";
import { asList, asObject, type Properties, UNKNOWN } from "../values";

/** One place where a resource names an instance type, or should. */
export interface InstanceUse {
  readonly use: Use;
  /** For messages, such as `productionVariants[0]`. */
  readonly path: string;
  /** As the resource has it: text, `UNKNOWN`, `ELSEWHERE`, missing or anything else. */
  readonly instanceType: unknown;
  /** EC2 only: `dedicated` and `host` have prices of their own. */
  readonly tenancy?: unknown;
}

/** The type is named by another resource, a launch template. */
export const ELSEWHERE: unique symbol = Symbol("in a launch template");

type Reader = (properties: Properties) => readonly InstanceUse[];

const COMPUTE_NAMES = [
  "instanceType",
  "tenancy",
  "placement",
  "placementTenancy",
  "launchTemplate",
  "instanceRequirements",
];

const READERS: Readonly<Record<string, { readonly names: readonly string[]; readonly read: Reader }>> = {
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    names: ["productionVariants", "shadowProductionVariants"],
    read: (properties) => [
      ...(properties.productionVariants === undefined
        ? [{ use: "hosting" as const, path: "productionVariants", instanceType: undefined }]
        : variants(properties.productionVariants, "productionVariants")),
      ...variants(properties.shadowProductionVariants, "shadowProductionVariants"),
    ],
  },
  "aws:sagemaker/trainingJob:TrainingJob": {
    names: ["resourceConfig", "serverlessJobConfig"],
    read: ({ resourceConfig, serverlessJobConfig }) =>
      resourceConfig === undefined && serverlessJobConfig !== undefined
        ? []
        : resources("training", resourceConfig, "resourceConfig"),
  },
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": {
    names: ["trainingJobDefinition", "trainingJobDefinitions"],
    read: readTuning,
  },
  "aws:sagemaker/notebookInstance:NotebookInstance": {
    names: ["instanceType"],
    read: ({ instanceType }) => [{ use: "notebook", path: "instanceType", instanceType }],
  },
  "aws:ec2/instance:Instance": { names: COMPUTE_NAMES, read: readInstance },
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": { names: COMPUTE_NAMES, read: readInstance },
  "aws:ec2/launchConfiguration:LaunchConfiguration": { names: COMPUTE_NAMES, read: readInstance },
  "aws:ec2/launchTemplate:LaunchTemplate": { names: COMPUTE_NAMES, read: readLaunchTemplate },
};

/** The properties that `instanceUses` reads, by resource type. */
export const INSTANCE_READS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(READERS).map(([type, { names }]) => [type, names]),
);

/** Every use in a resource of a type in `INSTANCE_READS`; `properties` are plain copies. */
export function instanceUses(type: string, properties: Properties): readonly InstanceUse[] {
  return READERS[type]?.read(properties) ?? [];
}

function variants(value: unknown, path: string): readonly InstanceUse[] {
  if (value === UNKNOWN) return [{ use: "hosting", path, instanceType: UNKNOWN }];

  return asList(value).flatMap((entry, index) => {
    const variant = asObject(entry);
    // A serverless variant has no instances.
    if (variant?.serverlessConfig !== undefined) return [];
    const instanceType = entry === UNKNOWN ? UNKNOWN : variant?.instanceType;
    return [{ use: "hosting" as const, path: `${path}[${index}].instanceType`, instanceType }];
  });
}

function resources(use: Use, value: unknown, path: string): readonly InstanceUse[] {
  if (value === UNKNOWN) return [{ use, path, instanceType: UNKNOWN }];

  const config = asObject(value) ?? {};
  const lists = ["instanceGroups", "instanceConfigs"].flatMap((name) => {
    const list = config[name];
    if (list === UNKNOWN) return [{ use, path: `${path}.${name}`, instanceType: UNKNOWN }];
    return asList(list).map((entry, index) => ({
      use,
      path: `${path}.${name}[${index}].instanceType`,
      instanceType: entry === UNKNOWN ? UNKNOWN : asObject(entry)?.instanceType,
    }));
  });
  if (config.instanceType === undefined && lists.length > 0) return lists;
  return [{ use, path: `${path}.instanceType`, instanceType: config.instanceType }, ...lists];
}

function readTuning({ trainingJobDefinition, trainingJobDefinitions }: Properties): readonly InstanceUse[] {
  const single =
    trainingJobDefinition === undefined
      ? []
      : [{ path: "trainingJobDefinition", value: trainingJobDefinition }];
  const listed = asList(trainingJobDefinitions).map((value, index) => ({
    path: `trainingJobDefinitions[${index}]`,
    value,
  }));
  if (single.length + listed.length === 0)
    return [{ use: "tuning", path: "trainingJobDefinition", instanceType: undefined }];

  return [...single, ...listed].flatMap(({ path, value }) => {
    if (value === UNKNOWN) return [{ use: "tuning" as const, path, instanceType: UNKNOWN }];
    const definition = asObject(value) ?? {};
    const tuned = definition.hyperParameterTuningResourceConfig;
    const own = definition.resourceConfig;
    return [
      ...(tuned === undefined
        ? []
        : resources("tuning", tuned, `${path}.hyperParameterTuningResourceConfig`)),
      ...(own === undefined && tuned !== undefined ? [] : resources("tuning", own, `${path}.resourceConfig`)),
    ];
  });
}

function readInstance(properties: Properties): readonly InstanceUse[] {
  const { instanceType, launchTemplate } = properties;
  const named = instanceType ?? (launchTemplate === undefined ? undefined : ELSEWHERE);
  return [{ use: "compute", path: "instanceType", instanceType: named, tenancy: tenancyOf(properties) }];
}

function readLaunchTemplate(properties: Properties): readonly InstanceUse[] {
  const { instanceType, instanceRequirements } = properties;
  // Attributes instead of a type let AWS pick any type that has them; with neither, the instance that uses the template names one.
  if (instanceType === undefined || instanceType === null) {
    return instanceRequirements === undefined
      ? []
      : [{ use: "compute", path: "instanceRequirements", instanceType: undefined }];
  }
  return [{ use: "compute", path: "instanceType", instanceType, tenancy: tenancyOf(properties) }];
}

function tenancyOf({ tenancy, placementTenancy, placement }: Properties): unknown {
  return tenancy ?? placementTenancy ?? asObject(placement)?.tenancy;
}
