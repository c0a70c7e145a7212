import { createHash } from "node:crypto";
import { renderPolicyDocument } from "./iam-policy-document";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value";

/** The account, region and partition that the simulated AWS pretends to be. */
export interface SimulatedAccount {
  accountId: string;
  region: string;
  partition: string;
  dnsSuffix: string;
}

/** One answer among several for the same function: the first whose `when` is contained in the arguments wins. */
export interface FixtureCase {
  when?: JsonObject;
  result?: JsonObject;
  /** Makes the call fail with this message, to plan the program's own handling of it. */
  error?: string;
}

/**
 * Declared answers to invokes, by function token (`aws:ssm/getParameter:getParameter`), and the outputs of referenced
 * stacks, by `organization/project/stack`.
 */
export interface InvokeFixtures {
  stackReferences?: Record<string, JsonObject>;
  [token: string]: JsonObject | FixtureCase[] | Record<string, JsonObject> | undefined;
}

export type InvokeAnswer =
  | { kind: "answer"; result: JsonObject; source: "declared" | "simulated" }
  | { kind: "failure"; message: string }
  | { kind: "missing"; message: string };

/** Account of every simulated ARN: the one AWS uses in its documentation. */
export const simulatedAccountId = "123456789012";
const defaultRegion = "us-east-1";

export function simulatedAccount(region: string | undefined): SimulatedAccount {
  const effective = region ?? defaultRegion;
  const partition = effective.startsWith("cn-")
    ? "aws-cn"
    : effective.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return {
    accountId: simulatedAccountId,
    region: effective,
    partition,
    dnsSuffix: partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
}

/** First `length` hexadecimal digits of the SHA-256 of `seed`: the source of everything the plan makes up. */
export function hexDigest(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** Answers one invoke from the declared fixtures, then from the built-in ones; never invents an unknown function. */
export function answerInvoke(
  token: string,
  inputs: JsonObject,
  fixtures: InvokeFixtures,
  account: SimulatedAccount,
): InvokeAnswer {
  const declared = token === "stackReferences" ? undefined : fixtures[token];
  if (Array.isArray(declared)) {
    const match = declared.find((candidate) => contains(inputs, candidate.when ?? {}));
    if (match === undefined) return { kind: "missing", message: noMatchingCase(token, inputs) };
    if (match.error !== undefined) return { kind: "failure", message: match.error };
    return { kind: "answer", result: match.result ?? {}, source: "declared" };
  }
  if (declared !== undefined) return { kind: "answer", result: declared as JsonObject, source: "declared" };
  const region = inputs["region"];
  const builtIn = builtInAnswers[token];
  if (builtIn === undefined) return { kind: "missing", message: noFixture(token, inputs) };
  const where = typeof region === "string" ? simulatedAccount(region) : account;
  return { kind: "answer", result: builtIn(inputs, where), source: "simulated" };
}

/** The outputs of a referenced stack; undefined when no fixture declares it. */
export function stackReferenceOutputs(name: string, fixtures: InvokeFixtures): JsonObject | undefined {
  return fixtures.stackReferences?.[name];
}

export function noStackReference(name: string, fixtures: InvokeFixtures): string {
  const known = Object.keys(fixtures.stackReferences ?? {});
  return (
    `The program reads the outputs of stack "${name}", which the plan cannot see. ` +
    (known.length === 0 ? "" : `Declared are: ${known.join(", ")}. `) +
    `Declare them with --fixtures FILE: {"stackReferences": {"${name}": {"<output>": <value>}}}.`
  );
}

function noFixture(token: string, inputs: JsonObject): string {
  return (
    `The program calls ${token}, which needs a provider, and no fixture answers it ` +
    `(arguments: ${argumentNames(inputs)}). ` +
    `Declare its result with --fixtures FILE: {"${token}": {"<property>": <value>}}.`
  );
}

function noMatchingCase(token: string, inputs: JsonObject): string {
  return (
    `The fixtures declare ${token}, but none of its cases fits this call (arguments: ${argumentNames(inputs)}). ` +
    `Add one with --fixtures FILE: {"${token}": [{"when": {"<argument>": <value>}, "result": {...}}]}.`
  );
}

/** Names only: an argument's value may be a secret. */
function argumentNames(inputs: JsonObject): string {
  const names = Object.keys(inputs);
  return names.length === 0 ? "none" : names.join(", ");
}

function contains(actual: JsonValue | undefined, wanted: JsonValue): boolean {
  if (isJsonObject(wanted)) {
    return (
      isJsonObject(actual) &&
      Object.entries(wanted).every(([key, value]) => contains(actual[key], value as JsonValue))
    );
  }
  return JSON.stringify(actual) === JSON.stringify(wanted);
}

function text(value: JsonValue | undefined, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

type BuiltIn = (inputs: JsonObject, account: SimulatedAccount) => JsonObject;

function ami(seed: string): string {
  return `ami-${hexDigest(seed, 17)}`;
}

/** Amazon's account for framework images in most regions; the plan pulls nothing from it. */
const deepLearningContainersAccount = "763104351884";

const builtInAnswers: Readonly<Record<string, BuiltIn>> = {
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
    const name = text(inputs["name"], "parameter");
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
      withDecryption: inputs["withDecryption"] ?? true,
    };
  },
  "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": (inputs, at) => {
    const repository = text(inputs["repositoryName"], "repository");
    const tag = text(inputs["imageTag"], "1");
    const registryId = text(inputs["registryId"], deepLearningContainersAccount);
    const dnsSuffix = text(inputs["dnsSuffix"], at.dnsSuffix);
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
    const id = text(inputs["id"], `vpc-${hexDigest(`${at.region}:default-vpc`, 17)}`);
    return {
      id,
      region: at.region,
      arn: `arn:${at.partition}:ec2:${at.region}:${at.accountId}:vpc/${id}`,
      cidrBlock: "172.31.0.0/16",
      default: inputs["default"] ?? inputs["id"] === undefined,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      mainRouteTableId: `rtb-${hexDigest(id, 17)}`,
      ownerId: at.accountId,
      state: "available",
      tags: inputs["tags"] ?? {},
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
    const name = text(inputs["name"], "alias/key");
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

/** A UUID-shaped digest of `seed`, version 4 layout. */
export function uuid(seed: string): string {
  const hex = hexDigest(seed, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** `us-east-1` → `use1`, as in AWS's own zone ids. */
function zoneIdPrefix(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return `${area}${direction.slice(0, 1)}${number}`;
}
