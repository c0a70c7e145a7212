import { type Cloud, type CloudObject, keyOf, listOf, objectsOf, textOf } from "../../engine/aws/cloud";
import { emptyAccount, type FakeAccount, type Tags } from "./fake-account";

const types = {
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  configuration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  model: "aws:sagemaker/model:Model",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  lambda: "aws:lambda/function:Function",
  bucket: "aws:s3/bucket:Bucket",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  packageGroup: "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
  target: "aws:appautoscaling/target:Target",
} as const;

/** The engine tests' simulated account as the services show it. What is older there is a day older here. */
export function fakeAccountOf(cloud: Cloud, accountId: string): FakeAccount {
  const account = emptyAccount();
  account.accountId = accountId;
  const createdAt = ({ type, id }: CloudObject) => {
    const call = cloud.journal.find(
      (one) => one.operation === "create" && one.type === type && one.id === id,
    );
    return new Date(Date.now() - (cloud.journal.length - (call?.number ?? 0) + 2) * 86_400_000);
  };
  for (const object of objectsOf(cloud, types.endpoint))
    account.endpoints.set(object.id, {
      status: textOf(object.live.status),
      configName: textOf(object.live.configName),
      createdAt: createdAt(object),
      modifiedAt: createdAt(object),
      instances: listOf(object.live.fleet).reduce((sum, { count }) => sum + Number(count), 0),
      answers: answersOf(cloud, object),
      ...minimumOf(cloud, object),
    });
  for (const object of objectsOf(cloud, types.configuration))
    account.configurations.set(object.id, {
      createdAt: createdAt(object),
      models: listOf(object.properties.productionVariants).map(({ modelName }) => textOf(modelName)),
      shadows: listOf(object.properties.shadowProductionVariants).map(({ modelName }) => textOf(modelName)),
      tags: tagsOf(object),
    });
  for (const object of objectsOf(cloud, types.model)) {
    const { modelDataUrl } = (object.properties.primaryContainer ?? {}) as { modelDataUrl?: string };
    account.models.set(object.id, {
      createdAt: createdAt(object),
      uris: modelDataUrl === undefined ? [] : [modelDataUrl],
      tags: tagsOf(object),
    });
  }
  for (const object of objectsOf(cloud, types.logGroup))
    account.logGroups.set(object.id, { createdAt: createdAt(object), storedBytes: 0, tags: tagsOf(object) });
  for (const object of objectsOf(cloud, types.lambda)) account.functions.add(object.id);
  for (const object of objectsOf(cloud, types.bucket)) account.buckets.set(object.id, []);
  for (const object of objectsOf(cloud, types.packageGroup)) account.packageGroups.set(object.id, []);
  for (const { properties } of objectsOf(cloud, types.alarm))
    account.alarms.set(textOf(properties.name), false);
  return account;
}

/** Takes out of the simulated account what is gone from the fake one. */
export function removeGone(cloud: Cloud, account: FakeAccount): void {
  const gone = [
    ...objectsOf(cloud, types.configuration).filter(({ id }) => !account.configurations.has(id)),
    ...objectsOf(cloud, types.model).filter(({ id }) => !account.models.has(id)),
    ...objectsOf(cloud, types.logGroup).filter(({ id }) => !account.logGroups.has(id)),
  ];
  for (const { type, id } of gone) delete cloud.objects[keyOf(type, id)];
}

function tagsOf({ properties }: CloudObject): Tags {
  return (properties.tagsAll ?? {}) as Tags;
}

/** Digest that the container would return: the one in the environment of the model behind the configuration in use. */
function answersOf(cloud: Cloud, { live }: CloudObject): string | undefined {
  const config = objectsOf(cloud, types.configuration).find(({ id }) => id === live.configName);
  const [variant] = listOf(config?.properties.productionVariants);
  const model = objectsOf(cloud, types.model).find(({ id }) => id === variant?.modelName);
  const { environment } = (model?.properties.primaryContainer ?? {}) as {
    environment?: { MODEL_SHA256?: string };
  };
  return environment?.MODEL_SHA256;
}

function minimumOf(cloud: Cloud, { id }: CloudObject): { readonly minimumInstances?: number } {
  const target = objectsOf(cloud, types.target).find(({ properties }) =>
    textOf(properties.resourceId).startsWith(`endpoint/${id}/`),
  );
  return target === undefined ? {} : { minimumInstances: Number(target.properties.minCapacity) };
}
