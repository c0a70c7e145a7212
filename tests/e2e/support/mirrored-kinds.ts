import {
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLogGroupCommand, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, DeleteRoleCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { buildZip } from "../../cli/data/build-zip";
import { type CloudObject, textOf } from "../../engine/aws/cloud";
import type { EmulatedServices } from "./clients";
import { sagemakerKinds } from "./mirrored-sagemaker";

/** How one type of the engine's resources is made in the emulator and removed from it. */
export interface MirroredKind {
  /** Pulumi's type token. */
  readonly type: string;
  readonly make: (services: EmulatedServices, object: CloudObject) => Promise<unknown>;
  readonly remove: (services: EmulatedServices, id: string) => Promise<unknown>;
}

/** What commands ask about, in an order in which each finds what it uses. */
export const kinds: readonly MirroredKind[] = [
  {
    type: "aws:iam/role:Role",
    make: ({ iam }, { id, properties }) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: id,
          AssumeRolePolicyDocument: textOf(properties.assumeRolePolicy),
          Tags: tagsOf(properties).map(([Key, Value]) => ({ Key, Value })),
        }),
      ),
    remove: ({ iam }, RoleName) => iam.send(new DeleteRoleCommand({ RoleName })),
  },
  {
    type: "aws:s3/bucket:Bucket",
    make: async ({ s3 }, { id: Bucket }) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    },
    remove: async ({ s3 }, Bucket) => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
        await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
    },
  },
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    make: ({ logs }, { id, properties }) =>
      logs.send(
        new CreateLogGroupCommand({ logGroupName: id, tags: Object.fromEntries(tagsOf(properties)) }),
      ),
    remove: ({ logs }, logGroupName) => logs.send(new DeleteLogGroupCommand({ logGroupName })),
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    make: ({ cloudwatch }, { id, properties }) =>
      cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: id,
          Namespace: textOf(properties.namespace),
          MetricName: textOf(properties.metricName),
          Statistic: "Average",
          Period: Number(properties.period ?? 60),
          EvaluationPeriods: Number(properties.evaluationPeriods),
          Threshold: Number(properties.threshold),
          ComparisonOperator: "GreaterThanThreshold",
        }),
      ),
    remove: ({ cloudwatch }, name) => cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
  },
  ...sagemakerKinds,
  {
    type: "aws:appautoscaling/target:Target",
    make: ({ scaling }, { id, properties }) =>
      scaling.send(
        new RegisterScalableTargetCommand({
          ...scaled,
          ResourceId: id,
          MinCapacity: Number(properties.minCapacity),
          MaxCapacity: Number(properties.maxCapacity),
        }),
      ),
    remove: ({ scaling }, ResourceId) =>
      scaling.send(new DeregisterScalableTargetCommand({ ...scaled, ResourceId })),
  },
  {
    type: "aws:lambda/function:Function",
    make: ({ lambda }, { id, properties }) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: id,
          Role: textOf(properties.role),
          Runtime: "nodejs22.x",
          Handler: textOf(properties.handler),
          Timeout: Number(properties.timeout),
          Environment: { Variables: variablesOf(properties) },
          // The simulated account keeps of the code its digest alone.
          Code: { ZipFile: buildZip([{ name: "index.mjs", content: Buffer.from(textOf(properties.code)) }]) },
          Publish: true,
        }),
      ),
    remove: ({ lambda }, FunctionName) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
  },
  {
    type: "aws:lambda/alias:Alias",
    make: ({ lambda }, { properties }) =>
      lambda.send(
        new CreateAliasCommand({
          FunctionName: textOf(properties.functionName),
          Name: textOf(properties.name),
          FunctionVersion: "1",
        }),
      ),
    remove: ({ lambda }, arn) => {
      const [FunctionName, Name] = arn.split(":").slice(-2);
      return lambda.send(new DeleteAliasCommand({ FunctionName, Name }));
    },
  },
  {
    type: "aws:ssm/parameter:Parameter",
    make: ({ ssm }, { id, properties }) =>
      ssm.send(
        new PutParameterCommand({ Name: id, Type: "String", Value: textOf(properties.insecureValue) }),
      ),
    remove: ({ ssm }, Name) => ssm.send(new DeleteParameterCommand({ Name })),
  },
];

const scaled = {
  ServiceNamespace: "sagemaker",
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
} as const;

/** Tags of an object, the provider's default ones included. */
export function tagsOf({ tagsAll }: CloudObject["properties"]): [string, string][] {
  return Object.entries((tagsAll ?? {}) as Record<string, string>);
}

function variablesOf({ environment }: CloudObject["properties"]): Record<string, string> {
  const { variables = {} } = (environment ?? {}) as { variables?: Record<string, string> };
  return variables;
}
