import type { StateResource } from "./exported-state";

/** Where the resources are. */
export interface Place {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  /** Host names of AWS end in it: `amazonaws.com`. */
  readonly dnsSuffix: string;
}

/**
 * How to find out whether AWS has made a resource:
 * - `look`: by this id the provider reads it, as `pulumi import` would;
 * - `repeat`: making it again makes the same one, so that nothing need be known;
 * - `ask`: AWS drew the id, and only a person can look it up.
 */
export type Way =
  | { readonly kind: "look"; readonly id: string }
  | { readonly kind: "repeat" }
  | { readonly kind: "ask" };

/** Text of an input, or nothing where it is secret or absent. */
type Text = (input: string) => string | undefined;
type ImportId = (text: Text, place: Place) => string | undefined;

const named: ImportId = (text) => text("name");
const ofBucket: ImportId = (text) => text("bucket");

function joined(separator: string, ...inputs: readonly string[]): ImportId {
  return (text) => {
    const parts = inputs.map(text);
    return parts.includes(undefined) ? undefined : parts.join(separator);
  };
}

/**
 * Ids as `pulumi import` takes them, from the inputs, which hold the names that Pulumi has drawn. Each is written in the section
 * "Import" of the type's page, such as https://www.pulumi.com/registry/packages/aws/api-docs/lambda/alias/#import.
 */
export const importIds: Readonly<Record<string, ImportId>> = {
  "aws:appautoscaling/policy:Policy": joined(
    "/",
    "serviceNamespace",
    "resourceId",
    "scalableDimension",
    "name",
  ),
  "aws:appautoscaling/target:Target": joined("/", "serviceNamespace", "resourceId", "scalableDimension"),
  "aws:budgets/budget:Budget": (text, { accountId }) => after(`${accountId}:`, text("name")),
  "aws:cloudwatch/dashboard:Dashboard": (text) => text("dashboardName"),
  "aws:cloudwatch/logGroup:LogGroup": named,
  "aws:cloudwatch/metricAlarm:MetricAlarm": named,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": joined("/", "subnetId", "routeTableId"),
  "aws:iam/instanceProfile:InstanceProfile": named,
  "aws:iam/policy:Policy": (text, { partition, accountId }) =>
    after(`arn:${partition}:iam::${accountId}:policy${text("path") ?? "/"}`, text("name")),
  "aws:iam/role:Role": named,
  "aws:iam/rolePolicy:RolePolicy": joined(":", "role", "name"),
  "aws:kms/alias:Alias": named,
  "aws:lambda/alias:Alias": joined("/", "functionName", "name"),
  "aws:lambda/function:Function": named,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": qualified(":"),
  "aws:lambda/functionUrl:FunctionUrl": qualified("/"),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": joined(
    ",",
    "functionName",
    "qualifier",
  ),
  "aws:s3/bucket:Bucket": ofBucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketLogging:BucketLogging": ofBucket,
  "aws:s3/bucketObjectv2:BucketObjectv2": joined("/", "bucket", "key"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:sagemaker/endpoint:Endpoint": named,
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": named,
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": named,
  "aws:sagemaker/model:Model": named,
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": (text) => text("modelPackageGroupName"),
  "aws:sagemaker/notebookInstance:NotebookInstance": named,
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": named,
  "aws:sagemaker/trainingJob:TrainingJob": (text) => text("trainingJobName"),
  "aws:scheduler/schedule:Schedule": (text) => after(`${text("groupName") ?? "default"}/`, text("name")),
  "aws:sns/topic:Topic": (text, { partition, region, accountId }) =>
    after(`arn:${partition}:sns:${region}:${accountId}:`, text("name")),
  "aws:sns/topicPolicy:TopicPolicy": (text) => text("arn"),
  "aws:sqs/queue:Queue": (text, { region, accountId, dnsSuffix }) =>
    after(`https://sqs.${region}.${dnsSuffix}/${accountId}/`, text("name")),
  "aws:ssm/parameter:Parameter": named,
};

/**
 * Types whose creation AWS takes twice: PutScheduledAction replaces the action of the same name, Subscribe answers with the
 * subscription that is there, and adopting a default security group makes nothing.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
const repeatable: ReadonlySet<string> = new Set([
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:sns/topicSubscription:TopicSubscription",
]);

/** What to do about the creation of this resource, which was begun. */
export function wayOf({ type, inputs = {} }: StateResource, place: Place): Way {
  // Providers, and what else is the engine's own, exist in the state alone.
  if (type.startsWith("pulumi:") || repeatable.has(type)) return { kind: "repeat" };
  const id = importIds[type]?.((input) => {
    const value = inputs[input];
    return typeof value === "string" && value !== "" ? value : undefined;
  }, place);
  return id === undefined ? { kind: "ask" } : { kind: "look", id };
}

function after(lead: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : lead + name;
}

function qualified(separator: string): ImportId {
  return (text) => {
    const [name, qualifier] = [text("functionName"), text("qualifier")];
    return name === undefined || qualifier === undefined ? name : `${name}${separator}${qualifier}`;
  };
}
