import { renderPolicyDocument } from "./iam-policy-document";
import type { JsonObject, JsonValue } from "./json-value";
import { hexDigest, type SimulatedAccount, uuid } from "./simulated-account";

type BuiltIn = (inputs: JsonObject, account: SimulatedAccount) => JsonObject;

function ami(seed: string): string {
  return `ami-${hexDigest(seed, 17)}`;
}

/** Amazon's account for framework images in most regions; the plan pulls nothing from it. */
const deepLearningContainersAccount = "763104351884";

/** What common AWS look-ups would answer, from their arguments alone. */
export const builtInAnswers: Readonly<Record<string, BuiltIn>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_inputs, at) => ({
    accountId: at.accountId,
    arn: `arn:${at.partition}:iam::${at.accountId}:user/plan`,
    id: at.accountId,
    userId: "AIDAPLANPLANPLANPLANP",
  }),
  "aws:index/getPartition:getPartition": (_inputs, at) => ({
    id: at.partition,
    partition: at.partition,
    dnsSuffix: at.dnsSuffix,
    reverseDnsPrefix: at.dnsSuffix.split(".").reverse().join("."),
  }),
  "aws:index/getRegion:getRegion": (_inputs, at) => ({
    id: at.region,
    name: at.region,
    region: at.region,
    endpoint: `ec2.${at.region}.${at.dnsSuffix}`,
    description: at.region,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_inputs, at) => ({
    id: at.region,
    region: at.region,
    groupNames: [at.region],
    names: ["a", "b", "c"].map((zone) => `${at.region}${zone}`),
    zoneIds: [1, 2, 3].map((zone) => `${zoneIdPrefix(at.region)}-az${zone}`),
  }),
  "aws:ssm/getParameter:getParameter": (inputs, at) => {
    const name = text(inputs.name, "parameter");
    const value = /\bami\b|image[-_/]?id/i.test(name)
      ? ami(`${at.region}:${name}`)
      : `value-${hexDigest(name, 8)}`;
    return {
      id: name,
      name,
      region: at.region,
      arn: `arn:${at.partition}:ssm:${at.region}:${at.accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`,
      type: "String",
      value,
      insecureValue: value,
      version: 1,
      withDecryption: inputs.withDecryption ?? true,
    };
  },
  "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": (inputs, at) => {
    const repository = text(inputs.repositoryName, "repository");
    const tag = text(inputs.imageTag, "1");
    const registryId = text(inputs.registryId, deepLearningContainersAccount);
    const dnsSuffix = text(inputs.dnsSuffix, at.dnsSuffix);
    return {
      id: registryId,
      registryId,
      repositoryName: repository,
      imageTag: tag,
      region: at.region,
      dnsSuffix,
      registryPath: `${registryId}.dkr.ecr.${at.region}.${dnsSuffix}/${repository}:${tag}`,
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const json = renderPolicyDocument(inputs);
    return { ...inputs, id: hexDigest(json, 8), json, minifiedJson: JSON.stringify(JSON.parse(json)) };
  },
  "aws:ec2/getVpc:getVpc": (inputs, at) => {
    const id = text(inputs.id, `vpc-${hexDigest(`${at.region}:default-vpc`, 17)}`);
    return {
      id,
      region: at.region,
      arn: `arn:${at.partition}:ec2:${at.region}:${at.accountId}:vpc/${id}`,
      cidrBlock: "172.31.0.0/16",
      default: inputs.default ?? inputs.id === undefined,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      mainRouteTableId: `rtb-${hexDigest(id, 17)}`,
      ownerId: at.accountId,
      state: "available",
      tags: inputs.tags ?? {},
    };
  },
  "aws:ec2/getVpcs:getVpcs": (_inputs, at) => ({
    id: at.region,
    region: at.region,
    ids: [`vpc-${hexDigest(`${at.region}:default-vpc`, 17)}`],
  }),
  "aws:ec2/getSubnets:getSubnets": (_inputs, at) => ({
    id: at.region,
    region: at.region,
    ids: ["a", "b"].map((zone) => `subnet-${hexDigest(`${at.region}:${zone}`, 17)}`),
  }),
  "aws:ec2/getAmi:getAmi": (inputs, at) => {
    const id = ami(`${at.region}:${JSON.stringify(inputs)}`);
    return {
      ...inputs,
      id,
      imageId: id,
      region: at.region,
      arn: `arn:${at.partition}:ec2:${at.region}::image/${id}`,
      architecture: "x86_64",
      rootDeviceName: "/dev/sda1",
      rootDeviceType: "ebs",
      state: "available",
      virtualizationType: "hvm",
    };
  },
  "aws:kms/getAlias:getAlias": (inputs, at) => {
    const name = text(inputs.name, "alias/key");
    const keyId = uuid(`${at.region}:${name}`);
    const prefix = `arn:${at.partition}:kms:${at.region}:${at.accountId}`;
    return {
      id: `${prefix}:${name}`,
      name,
      region: at.region,
      arn: `${prefix}:${name}`,
      targetKeyId: keyId,
      targetKeyArn: `${prefix}:key/${keyId}`,
    };
  },
};

/** `us-east-1` → `use1`, as in AWS's own zone ids. */
function zoneIdPrefix(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return `${area}${direction.slice(0, 1)}${number}`;
}

function text(value: JsonValue | undefined, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}
