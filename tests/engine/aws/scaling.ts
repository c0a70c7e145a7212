import { type Aws, AwsError, findBy, textOf } from "./cloud";
import type { Behaviour } from "./control-plane";
import { currentFleet, scaleTo } from "./endpoints";

const targetType = "aws:appautoscaling/target:Target";

export const scalableTarget: Behaviour = {
  create: (aws, { properties }) => checkTarget(aws, textOf(properties.resourceId), properties),
  update: (aws, { properties }) => checkTarget(aws, textOf(properties.resourceId), properties),
  // DeregisterScalableTarget takes the policies and the scheduled actions along.
  delete: ({ cloud }, { properties }) => {
    for (const [key, object] of Object.entries(cloud.objects)) {
      const belongs = /^aws:appautoscaling\/(policy|scheduledAction):/.test(object.type);
      if (belongs && object.properties.resourceId === properties.resourceId) delete cloud.objects[key];
    }
  },
};

/** Policies and scheduled actions stand on a registered target. */
export const ofTarget: Behaviour = {
  create: ({ cloud }, { properties }) => {
    if (findBy(cloud, targetType, "resourceId", properties.resourceId) === undefined) {
      throw new AwsError(
        "ObjectNotFoundException",
        `No scalable target registered for resource ID ${String(properties.resourceId)}.`,
      );
    }
  },
};

function checkTarget(
  aws: Aws,
  resourceId: string,
  { minCapacity, maxCapacity }: { readonly [key: string]: unknown },
): void {
  if (Number(minCapacity) > Number(maxCapacity))
    throw new AwsError("ValidationException", "Maximum capacity cannot be less than minimum capacity.");
  const [kind, endpointName = "", , variant] = resourceId.split("/");
  if (kind !== "endpoint") return;
  const endpoint = findBy(aws.cloud, "aws:sagemaker/endpoint:Endpoint", "name", endpointName);
  const fleet = endpoint === undefined ? [] : currentFleet(endpoint);
  const own = fleet.find((one) => one.variant === variant);
  if (own === undefined || endpoint?.live.status !== "InService") {
    throw new AwsError(
      "ValidationException",
      `SageMaker does not have variant ${variant} of endpoint ${endpointName} in service.`,
    );
  }
  if (own.instanceType.startsWith("ml.t2."))
    throw new AwsError("ValidationException", `${own.instanceType} does not support autoscaling.`);
  const bounded = Math.min(Math.max(own.count, Number(minCapacity)), Number(maxCapacity));
  if (bounded !== own.count) scaleTo(aws, endpointName, bounded);
}
