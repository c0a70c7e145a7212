import type { JsonValue } from "../../../plan/json-value";
import { AwsError, type Cloud, type CloudObject, objectsOf } from "./cloud";

interface Dependency {
  /** Type that uses the other, and the properties in which it names it. */
  readonly type: string;
  readonly properties: readonly string[];
}

interface Rule {
  /** The property by which others name the resource. */
  readonly named: string;
  readonly code: string;
  readonly users: readonly Dependency[];
}

const interfaces: readonly Dependency[] = [
  { type: "aws:ec2/instance:Instance", properties: ["vpcSecurityGroupIds", "subnetId"] },
  { type: "aws:ec2/vpcEndpoint:VpcEndpoint", properties: ["securityGroupIds", "subnetIds"] },
  { type: "aws:sagemaker/notebookInstance:NotebookInstance", properties: ["securityGroups", "subnetId"] },
];

/** What AWS refuses to delete while something else stands on it. */
const rules: Readonly<Record<string, Rule>> = {
  "aws:iam/role:Role": {
    named: "name",
    code: "DeleteConflict",
    users: [
      { type: "aws:iam/rolePolicy:RolePolicy", properties: ["role"] },
      { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", properties: ["role"] },
      { type: "aws:iam/instanceProfile:InstanceProfile", properties: ["role"] },
    ],
  },
  "aws:iam/policy:Policy": {
    named: "arn",
    code: "DeleteConflict",
    users: [{ type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", properties: ["policyArn"] }],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    named: "name",
    code: "DeleteConflict",
    users: [{ type: "aws:ec2/instance:Instance", properties: ["iamInstanceProfile"] }],
  },
  "aws:ec2/securityGroup:SecurityGroup": { named: "id", code: "DependencyViolation", users: interfaces },
  "aws:ec2/subnet:Subnet": { named: "id", code: "DependencyViolation", users: interfaces },
  "aws:ec2/vpc:Vpc": {
    named: "id",
    code: "DependencyViolation",
    users: [
      { type: "aws:ec2/subnet:Subnet", properties: ["vpcId"] },
      { type: "aws:ec2/securityGroup:SecurityGroup", properties: ["vpcId"] },
      { type: "aws:ec2/vpcEndpoint:VpcEndpoint", properties: ["vpcId"] },
      { type: "aws:ec2/routeTable:RouteTable", properties: ["vpcId"] },
    ],
  },
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": {
    named: "name",
    code: "ResourceInUse",
    users: [{ type: "aws:sagemaker/notebookInstance:NotebookInstance", properties: ["lifecycleConfigName"] }],
  },
};

/** @throws AwsError that names what still uses the resource. */
export function requireUnused(cloud: Cloud, object: CloudObject): void {
  const rule = rules[object.type];
  if (rule === undefined) return;
  const name = rule.named === "id" ? object.id : object.properties[rule.named];
  const users = rule.users.flatMap(({ type, properties }) =>
    objectsOf(cloud, type).filter((user) =>
      properties.some((property) => names(user.properties[property], name)),
    ),
  );
  if (users.length === 0) return;
  const shown = users.map(({ type, id }) => `${type} ${id}`).join(", ");
  throw new AwsError(
    rule.code,
    `${object.type} ${object.id} cannot be deleted while it is used by ${shown}.`,
  );
}

function names(value: JsonValue | undefined, name: JsonValue | undefined): boolean {
  return value !== undefined && (Array.isArray(value) ? value.some((item) => item === name) : value === name);
}
