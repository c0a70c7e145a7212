import type { StackConfig } from "../../../infra/config/schema/stack";
import { largestFleets } from "../../../infra/rules/fleet";
import { type ImageConfig, imageUri, usesGpu } from "../../../infra/rules/images";
import { type Naming, physicalName } from "../../../infra/rules/naming";
import type { Place } from "../../../infra/rules/place";
import { isScaled } from "../../../infra/rules/scaling";
import { findInstanceType, type Use } from "../../../policy/catalog/instance-types";

/** Instances of one type that one quota of SageMaker must allow at the same time. */
export interface InstanceNeed {
  readonly check: "hosting" | "training" | "notebook";
  readonly instanceType: string;
  /** As Service Quotas writes it: `ml.m5.large for endpoint usage`. */
  readonly quotaName: string;
  readonly instances: number;
  /** How many the stack file says that the quota is. */
  readonly declared?: number | undefined;
}

/**
 * What the stack asks for in its worst moment: endpoints as the program's own rules count them, with scaling at its end,
 * the largest rollout and shadows; jobs and the parallel trials of tuning all at once, as one `up` may start them.
 */
export function instanceNeeds({
  endpoints,
  jobs,
  tuning,
  notebook,
  quotas,
}: StackConfig): readonly InstanceNeed[] {
  const training = new Map<string, { instanceType: string; instances: number }>();
  for (const job of [...Object.values(jobs), ...Object.values(tuning)]) {
    const { instanceType, instanceCount, market } = job;
    const use = market.kind === "spot" ? "spot training job usage" : "training job usage";
    const quotaName = `${instanceType} for ${use}`;
    const instances = instanceCount * ("maxParallelJobs" in job ? job.maxParallelJobs : 1);
    training.set(quotaName, {
      instanceType,
      instances: instances + (training.get(quotaName)?.instances ?? 0),
    });
  }
  return [
    ...Object.entries(largestFleets(endpoints)).map(([instanceType, instances]) => ({
      check: "hosting" as const,
      instanceType,
      quotaName: `${instanceType} for endpoint usage`,
      instances,
      declared: Object.hasOwn(quotas.hostingInstances, instanceType)
        ? quotas.hostingInstances[instanceType]
        : undefined,
    })),
    ...[...training].map(([quotaName, need]) => ({ check: "training" as const, quotaName, ...need })),
    ...(notebook === undefined
      ? []
      : [
          {
            check: "notebook" as const,
            instanceType: notebook.instanceType,
            quotaName: `${notebook.instanceType} for notebook instance usage`,
            instances: 1,
          },
        ]),
  ];
}

export interface BoxNeed {
  readonly instanceType: string;
  readonly vCpus: number;
  /** The first of them that the account has. */
  readonly quotaCodes: readonly string[];
}

/**
 * Quotas of EC2 are in vCPUs, by group of families and by market.
 * Sources: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html; P5 spot is a quota of its own in some accounts.
 */
const boxQuotas: readonly (readonly [
  family: RegExp,
  onDemand: readonly string[],
  spot: readonly string[],
])[] = [
  [/^p5/, ["L-417A185B"], ["L-C4BD4855", "L-7212CCBC"]],
  [/^p\d/, ["L-417A185B"], ["L-7212CCBC"]],
  [/^(?:g|vt)\d/, ["L-DB2E81BA"], ["L-3819A6DF"]],
  [/^inf\d/, ["L-1945791B"], ["L-B5D1601B"]],
  [/^trn\d/, ["L-2C3B7624"], ["L-6B0D517C"]],
  [/^[acdhimrtz]\d/, ["L-1216C47A"], ["L-34B43A08"]],
];

/** Absent without a training box. */
export function boxNeed({ trainingBox }: StackConfig): BoxNeed | undefined {
  if (trainingBox === undefined) return undefined;
  const { instanceType, market } = trainingBox;
  const [, onDemand = [], spot = []] = boxQuotas.find(([family]) => family.test(instanceType)) ?? [];
  return {
    instanceType,
    vCpus: findInstanceType("compute", instanceType)?.vCpus ?? 0,
    quotaCodes: market.kind === "spot" ? spot : onDemand,
  };
}

export interface ConcurrencyNeed {
  /** Reserved by all functions of the stack. */
  readonly reserved: number;
  /** What the stack file says that the account has. */
  readonly declared: number;
  readonly functionNames: readonly string[];
}

/** Absent where the stack has no function. */
export function concurrencyNeed(
  { endpoints, quotas }: StackConfig,
  naming: Naming,
): ConcurrencyNeed | undefined {
  const functions = Object.entries(endpoints).flatMap(([name, { function: declared }]) =>
    declared.kind === "invoke"
      ? [{ name: physicalName(naming, name), reserved: declared.reservedConcurrency }]
      : [],
  );
  if (functions.length === 0) return undefined;
  return {
    reserved: functions.reduce((sum, { reserved }) => sum + reserved, 0),
    declared: quotas.lambdaConcurrentExecutions,
    functionNames: functions.map(({ name }) => name),
  };
}

export interface LinkedRole {
  readonly roleName: string;
  /** For `aws iam create-service-linked-role --aws-service-name`. */
  readonly service: string;
  readonly neededFor: string;
}

/**
 * Sources: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html.
 */
export function linkedRoles({ endpoints, trainingBox }: StackConfig): readonly LinkedRole[] {
  const declared = Object.values(endpoints);
  return [
    ...(declared.some(({ serving }) => isScaled(serving))
      ? [
          {
            roleName: "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
            service: "sagemaker.application-autoscaling.amazonaws.com",
            neededFor: "endpoints that scale",
          },
        ]
      : []),
    ...(declared.some(
      ({ function: one }) => one.kind === "invoke" && one.provisionedConcurrency.kind === "autoscaled",
    )
      ? [
          {
            roleName: "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
            service: "lambda.application-autoscaling.amazonaws.com",
            neededFor: "provisioned concurrency that scales",
          },
        ]
      : []),
    ...(trainingBox?.market.kind === "spot"
      ? [
          {
            roleName: "AWSServiceRoleForEC2Spot",
            service: "spot.amazonaws.com",
            neededFor: "a training box on spot",
          },
        ]
      : []),
  ];
}

export interface ImageNeed {
  /** Section of the stack file and key in it: `images.training.cpu`. */
  readonly setting: string;
  readonly image: ImageConfig;
  /** Tag or `sha256:<digest>`. */
  readonly tag: string;
  readonly uri: string;
}

/** The container images that jobs and endpoints start from, each once. */
export function imageNeeds(
  { images, jobs, tuning, endpoints }: StackConfig,
  place: Place,
): readonly ImageNeed[] {
  const needed = new Map<string, ImageNeed>();
  const need = (section: "training" | "serving", use: Use, instanceType: string | undefined) => {
    const gpu = instanceType !== undefined && usesGpu(use, instanceType);
    const image = images[section];
    const setting = `images.${section}.${gpu ? "gpu" : "cpu"}`;
    const tag = gpu ? image.gpu : image.cpu;
    needed.set(setting, { setting, image, tag, uri: imageUri(place, image, gpu) });
  };
  for (const { instanceType } of Object.values(jobs)) need("training", "training", instanceType);
  for (const { instanceType } of Object.values(tuning)) need("training", "tuning", instanceType);
  for (const { serving } of Object.values(endpoints)) {
    need("serving", "hosting", serving.kind === "serverless" ? undefined : serving.instanceType);
    if (serving.kind === "instances" && serving.shadow !== undefined)
      need("serving", "hosting", serving.shadow.instanceType);
  }
  return [...needed.values()].sort((a, b) => (a.setting < b.setting ? -1 : 1));
}

/** Types whose hours the stack pays for, as the price tables name them. */
export function pricedTypes(config: StackConfig): ReadonlySet<string> {
  const box = boxNeed(config);
  return new Set([
    ...instanceNeeds(config).map(({ instanceType }) => instanceType),
    ...(box === undefined ? [] : [box.instanceType]),
  ]);
}
