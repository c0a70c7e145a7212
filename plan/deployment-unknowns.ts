import { byCodeUnit } from "./json-value";
import type { RecordedProgram } from "./recorded";

/** Something the plan made up, because only AWS or the engine knows it. */
export interface DeploymentUnknown {
  /** Such as "ARN", or "account (getCallerIdentity)". */
  what: string;
  /** The value that the plan shows instead, or the names of the properties; undefined where there are many. */
  standsIn: string | undefined;
  /** How many resources it is made up for; 0 for look-ups. */
  resources: number;
}

const lookUps: Readonly<Record<string, string>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": "AWS account",
  "aws:index/getPartition:getPartition": "AWS partition",
  "aws:index/getRegion:getRegion": "details of the region",
  "aws:index/getAvailabilityZones:getAvailabilityZones": "availability zones",
  "aws:ssm/getParameter:getParameter": "values of SSM parameters, such as AMI ids",
  "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": "registry of AWS's container images",
  "aws:ec2/getVpc:getVpc": "an existing VPC",
  "aws:ec2/getVpcs:getVpcs": "existing VPCs",
  "aws:ec2/getSubnets:getSubnets": "existing subnets",
  "aws:ec2/getAmi:getAmi": "AMI ids",
  "aws:kms/getAlias:getAlias": "existing KMS keys",
};

const properties: Readonly<Record<string, string>> = {
  id: "ids",
  arn: "ARNs",
  name: "automatic names",
  bucket: "bucket names",
  url: "URLs",
};

/** Known without asking anybody, although a provider adds it. */
const notMadeUp: ReadonlySet<string> = new Set(["region", "tagsAll", "bucketRegion"]);

/** What a plan shows but only a deployment can know: look-ups first, then properties by how many resources have them. */
export function deploymentUnknowns(program: RecordedProgram): DeploymentUnknown[] {
  const asked = program.fixtures
    .filter(
      (fixture) =>
        fixture.source === "simulated" && fixture.token !== "aws:iam/getPolicyDocument:getPolicyDocument",
    )
    .map((fixture): DeploymentUnknown => {
      const token = fixture.token;
      return { what: lookUps[token] ?? token, standsIn: accountIn(token), resources: 0 };
    });
  const counts = new Map<string, number>();
  for (const resource of program.resources) {
    if (!resource.custom || resource.read) continue;
    for (const property of resource.simulated) {
      if (!notMadeUp.has(property)) counts.set(property, (counts.get(property) ?? 0) + 1);
    }
  }
  const named = [...counts]
    .filter(([property]) => property in properties)
    .sort(([a, m], [b, n]) => n - m || byCodeUnit(a, b))
    .map(
      ([property, resources]): DeploymentUnknown => ({
        what: properties[property] ?? property,
        standsIn: undefined,
        resources,
      }),
    );
  const others = [...counts.keys()].filter((property) => !(property in properties)).sort(byCodeUnit);
  const computed =
    others.length === 0
      ? named
      : [...named, { what: "other computed properties", standsIn: others.join(", "), resources: 0 }];
  return [...asked, ...computed];
}

function accountIn(token: string): string | undefined {
  return token === "aws:index/getCallerIdentity:getCallerIdentity" ? "123456789012" : undefined;
}
