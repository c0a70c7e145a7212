import { AwsError, type CloudObject } from "./cloud";

interface NameRule {
  readonly property: string;
  readonly pattern: RegExp;
}

/** SageMaker's own pattern for nearly all of its names: no hyphen at either end. */
const sagemaker = { property: "name", pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/ };

/** From the `pattern` and length constraints of each service's API reference. */
const rules: Readonly<Record<string, NameRule>> = {
  "aws:sagemaker/model:Model": sagemaker,
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": { ...sagemaker, property: "modelPackageGroupName" },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": sagemaker,
  "aws:sagemaker/endpoint:Endpoint": sagemaker,
  "aws:sagemaker/notebookInstance:NotebookInstance": sagemaker,
  "aws:sagemaker/trainingJob:TrainingJob": { ...sagemaker, property: "trainingJobName" },
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": {
    property: "name",
    pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/,
  },
  "aws:s3/bucket:Bucket": { property: "bucket", pattern: /^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/ },
  "aws:iam/role:Role": { property: "name", pattern: /^[\w+=,.@-]{1,64}$/ },
  "aws:iam/policy:Policy": { property: "name", pattern: /^[\w+=,.@-]{1,128}$/ },
  "aws:iam/rolePolicy:RolePolicy": { property: "name", pattern: /^[\w+=,.@-]{1,128}$/ },
  "aws:iam/instanceProfile:InstanceProfile": { property: "name", pattern: /^[\w+=,.@-]{1,128}$/ },
  "aws:lambda/function:Function": { property: "name", pattern: /^[a-zA-Z0-9-_]{1,64}$/ },
  "aws:lambda/alias:Alias": { property: "name", pattern: /^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/ },
  "aws:cloudwatch/logGroup:LogGroup": { property: "name", pattern: /^[.\-_/#A-Za-z0-9]{1,512}$/ },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { property: "name", pattern: /^.{1,255}$/ },
  "aws:sns/topic:Topic": { property: "name", pattern: /^[a-zA-Z0-9_-]{1,256}$/ },
  "aws:ssm/parameter:Parameter": { property: "name", pattern: /^[a-zA-Z0-9_.\-/]{1,1011}$/ },
  "aws:scheduler/schedule:Schedule": { property: "name", pattern: /^[0-9a-zA-Z-_.]{1,64}$/ },
};

/** @throws AwsError for a name that the service does not take. */
export function checkName({ type, properties }: CloudObject): void {
  const rule = rules[type];
  if (rule === undefined) return;
  const name = properties[rule.property];
  if (typeof name === "string" && rule.pattern.test(name)) return;
  throw new AwsError(
    "ValidationException",
    `${type} takes no ${rule.property} ${JSON.stringify(name)}: it must match ${rule.pattern.source}.`,
  );
}
