import { type SimulatedAccount, uuid } from "./fixtures";
import type { JsonObject } from "./json-value";
import { networkTypes } from "./simulated-network";

/** What a type's outputs are computed from. */
export interface SimulationContext extends SimulatedAccount {
  urn: string;
  /** The logical name. */
  name: string;
  /** Inputs after Check, as wire values. */
  inputs: JsonObject;
  /** The input as text; a readable stand-in when it is absent or no text. */
  text(property: string): string;
  has(property: string): boolean;
  /** Hexadecimal digits that depend on the URN alone. */
  hex(length: number, salt?: string): string;
  arn(service: string, resource: string): string;
  /** ARN of a service without regions, such as IAM. */
  globalArn(service: string, resource: string): string;
}

export interface NamedType {
  /** The input that the provider fills when the program leaves it out. */
  property: string;
  lowerCase?: boolean;
  /** What the provider puts before the name. */
  lead?: string;
  maxLength?: number;
}

export interface SimulatedType {
  autoName?: NamedType;
  /** `id` and the computed properties. */
  outputs(of: SimulationContext): JsonObject;
}

const byName: NamedType = { property: "name" };

/** Attachments and settings that carry the id of what they belong to. */
function identifiedBy(...properties: string[]): SimulatedType {
  return { outputs: (of) => ({ id: properties.map((property) => of.text(property)).join("/") }) };
}

/** SageMaker spells the last part of its ARNs in lower case, whatever the resource's name. */
function sagemaker(kind: string, extra: (of: SimulationContext) => JsonObject = () => ({})): SimulatedType {
  return {
    autoName: { property: "name", maxLength: 63 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("sagemaker", `${kind}/${of.text("name").toLowerCase()}`),
      ...extra(of),
    }),
  };
}

const bucket: SimulatedType = {
  autoName: { property: "bucket", lowerCase: true, maxLength: 63 },
  outputs: (of) => {
    const name = of.text("bucket");
    return {
      id: name,
      arn: `arn:${of.partition}:s3:::${name}`,
      bucketDomainName: `${name}.s3.${of.dnsSuffix}`,
      bucketRegion: of.region,
      bucketRegionalDomainName: `${name}.s3.${of.region}.${of.dnsSuffix}`,
    };
  },
};

const alarm: SimulatedType = {
  autoName: byName,
  outputs: (of) => ({ id: of.text("name"), arn: of.arn("cloudwatch", `alarm:${of.text("name")}`) }),
};

function lambdaInvokeArn(of: SimulationContext, functionArn: string): string {
  return `arn:${of.partition}:apigateway:${of.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** Types whose id or ARN programs commonly build on. Anything else gets a generic id and ARN. */
export const simulatedTypes: Readonly<Record<string, SimulatedType>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/bucketObject:BucketObject": identifiedBy("bucket", "key"),
  "aws:s3/bucketObjectv2:BucketObjectv2": identifiedBy("bucket", "key"),
  "aws:s3/bucketPolicy:BucketPolicy": identifiedBy("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": identifiedBy("bucket"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": identifiedBy("bucket"),
  "aws:s3/bucketVersioning:BucketVersioning": identifiedBy("bucket"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": identifiedBy("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    identifiedBy("bucket"),
  "aws:s3/bucketLogging:BucketLogging": identifiedBy("bucket"),
  "aws:kms/key:Key": {
    outputs: (of) => {
      const keyId = uuid(of.urn);
      return { id: keyId, keyId, arn: of.arn("kms", `key/${keyId}`) };
    },
  },
  "aws:kms/alias:Alias": {
    autoName: { property: "name", lead: "alias/" },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("kms", of.text("name")),
      targetKeyArn: of.arn("kms", `key/${of.text("targetKeyId")}`),
    }),
  },
  "aws:iam/role:Role": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `role${of.has("path") ? of.text("path") : "/"}${of.text("name")}`),
      uniqueId: `AROA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:iam/user:User": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `user${of.has("path") ? of.text("path") : "/"}${of.text("name")}`),
      uniqueId: `AIDA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:iam/group:Group": {
    autoName: byName,
    outputs: (of) => ({ id: of.text("name"), arn: of.globalArn("iam", `group/${of.text("name")}`) }),
  },
  "aws:iam/policy:Policy": {
    autoName: { property: "name", maxLength: 128 },
    outputs: (of) => {
      const arn = of.globalArn("iam", `policy${of.has("path") ? of.text("path") : "/"}${of.text("name")}`);
      return { id: arn, arn, policyId: `ANPA${of.hex(17).toUpperCase()}` };
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    autoName: byName,
    outputs: (of) => ({ id: `${of.text("role")}:${of.text("name")}` }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": identifiedBy("role", "policyArn"),
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": identifiedBy("user", "policyArn"),
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": identifiedBy("group", "policyArn"),
  "aws:iam/instanceProfile:InstanceProfile": {
    autoName: byName,
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.globalArn("iam", `instance-profile/${of.text("name")}`),
      uniqueId: `AIPA${of.hex(17).toUpperCase()}`,
    }),
  },
  "aws:sagemaker/model:Model": sagemaker("model"),
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": sagemaker("endpoint-config"),
  "aws:sagemaker/endpoint:Endpoint": sagemaker("endpoint"),
  "aws:sagemaker/notebookInstance:NotebookInstance": sagemaker("notebook-instance", (of) => ({
    url: `${of.text("name").toLowerCase()}.notebook.${of.region}.sagemaker.aws`,
    networkInterfaceId: `eni-${of.hex(17)}`,
  })),
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": sagemaker(
    "notebook-instance-lifecycle-config",
  ),
  "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": sagemaker("studio-lifecycle-config"),
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    outputs: (of) => ({
      id: of.text("modelPackageGroupName"),
      arn: of.arn("sagemaker", `model-package-group/${of.text("modelPackageGroupName").toLowerCase()}`),
    }),
  },
  "aws:sagemaker/trainingJob:TrainingJob": {
    outputs: (of) => ({
      id: of.text("trainingJobName"),
      arn: of.arn("sagemaker", `training-job/${of.text("trainingJobName").toLowerCase()}`),
    }),
  },
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": {
    autoName: { property: "name", maxLength: 32 },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("sagemaker", `hyper-parameter-tuning-job/${of.text("name").toLowerCase()}`),
      status: "InProgress",
    }),
  },
  "aws:lambda/function:Function": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => {
      const arn = of.arn("lambda", `function:${of.text("name")}`);
      const qualifiedArn = `${arn}:1`;
      return {
        id: of.text("name"),
        arn,
        version: "1",
        qualifiedArn,
        invokeArn: lambdaInvokeArn(of, arn),
        qualifiedInvokeArn: lambdaInvokeArn(of, qualifiedArn),
      };
    },
  },
  "aws:lambda/alias:Alias": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.arn("lambda", `function:${functionName(of)}:${of.text("name")}`);
      return { id: arn, arn, invokeArn: lambdaInvokeArn(of, arn) };
    },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    outputs: (of) => {
      const urlId = of.hex(32);
      return {
        id: of.has("qualifier") ? `${functionName(of)}/${of.text("qualifier")}` : functionName(of),
        urlId,
        functionArn: of.arn("lambda", `function:${functionName(of)}`),
        functionUrl: `https://${urlId}.lambda-url.${of.region}.on.aws/`,
      };
    },
  },
  "aws:lambda/permission:Permission": {
    autoName: { property: "statementId" },
    outputs: (of) => ({ id: of.text("statementId") }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    autoName: byName,
    outputs: (of) => ({ id: of.text("name"), arn: of.arn("logs", `log-group:${of.text("name")}`) }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    outputs: (of) => ({
      id: of.text("alarmName"),
      arn: of.arn("cloudwatch", `alarm:${of.text("alarmName")}`),
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    outputs: (of) => ({
      id: of.text("dashboardName"),
      dashboardArn: of.globalArn("cloudwatch", `dashboard/${of.text("dashboardName")}`),
    }),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({ id: of.text("name"), arn: of.arn("events", `rule/${of.text("name")}`) }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    autoName: { property: "targetId" },
    outputs: (of) => ({ id: `${of.text("rule")}-${of.text("targetId")}` }),
  },
  "aws:sns/topic:Topic": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.arn("sns", of.text("name"));
      return { id: arn, arn, owner: of.accountId };
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": identifiedBy("arn"),
  "aws:sns/topicSubscription:TopicSubscription": {
    outputs: (of) => {
      const arn = `${of.text("topic")}:${uuid(of.urn)}`;
      return { id: arn, arn };
    },
  },
  "aws:sqs/queue:Queue": {
    autoName: { property: "name", maxLength: 80 },
    outputs: (of) => {
      const url = `https://sqs.${of.region}.${of.dnsSuffix}/${of.accountId}/${of.text("name")}`;
      return { id: url, url, arn: of.arn("sqs", of.text("name")) };
    },
  },
  "aws:appautoscaling/target:Target": {
    outputs: (of) => ({
      id: of.text("resourceId"),
      arn: of.arn("application-autoscaling", `scalable-target/${of.hex(36)}`),
    }),
  },
  "aws:appautoscaling/policy:Policy": {
    autoName: byName,
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn(
        "autoscaling",
        `scalingPolicy:${uuid(of.urn)}:resource/${of.text("serviceNamespace")}/${of.text("resourceId")}:policyName/${of.text("name")}`,
      ),
    }),
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    autoName: byName,
    outputs: (of) => ({
      id: `${of.text("name")}-${of.text("serviceNamespace")}-${of.text("resourceId")}`,
      arn: of.arn("autoscaling", `scheduledAction:${uuid(of.urn)}:scheduledActionName/${of.text("name")}`),
    }),
  },
  "aws:ssm/parameter:Parameter": {
    autoName: byName,
    outputs: (of) => {
      const name = of.text("name");
      return {
        id: name,
        arn: of.arn("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
        version: 1,
      };
    },
  },
  "aws:scheduler/schedule:Schedule": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => {
      const group = of.has("groupName") ? of.text("groupName") : "default";
      return {
        id: `${group}/${of.text("name")}`,
        arn: of.arn("scheduler", `schedule/${group}/${of.text("name")}`),
      };
    },
  },
  "aws:budgets/budget:Budget": {
    autoName: byName,
    outputs: (of) => ({
      id: `${of.accountId}:${of.text("name")}`,
      accountId: of.accountId,
      arn: of.globalArn("budgets", `budget/${of.text("name")}`),
    }),
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.globalArn("ce", `anomalymonitor/${uuid(of.urn)}`);
      return { id: arn, arn };
    },
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.globalArn("ce", `anomalysubscription/${uuid(of.urn)}`);
      return { id: arn, arn, accountId: of.accountId };
    },
  },
  "aws:ecr/repository:Repository": {
    autoName: { property: "name", lowerCase: true },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("ecr", `repository/${of.text("name")}`),
      registryId: of.accountId,
      repositoryUrl: `${of.accountId}.dkr.ecr.${of.region}.${of.dnsSuffix}/${of.text("name")}`,
    }),
  },
  ...networkTypes,
};

/** Lambda properties take a function's name or its ARN. */
function functionName(of: SimulationContext): string {
  const given = of.text("functionName");
  return given.startsWith("arn:") ? (given.split(":")[6] ?? given) : given;
}
