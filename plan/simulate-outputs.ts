import { isJsonObject, type JsonObject, type JsonValue } from "./json-value";
import { hexDigest, type SimulatedAccount, uuid } from "./simulated-account";
import { type NamedType, type SimulationContext, simulatedTypes } from "./simulated-types";
import { unknownSentinel, withoutSecret } from "./wire";

export interface Simulation {
  id: string;
  /** What the provider's Check would add to the inputs: the automatic name, documents as JSON text. */
  defaults: JsonObject;
  /** What only the provider knows: ARN, URL, version. Never overrides an input. */
  computed: JsonObject;
}

export interface SimulationRequest {
  urn: string;
  type: string;
  name: string;
  /** Wire values; secrets are still marked. */
  inputs: JsonObject;
  account: SimulatedAccount;
}

/** Services whose resources belong to no region, so that the provider gives them no `region` output. */
const globalServices: ReadonlySet<string> = new Set([
  "iam",
  "budgets",
  "costexplorer",
  "route53",
  "cloudfront",
  "organizations",
]);

/**
 * Stands in for the provider: id, automatic name and computed outputs of a new resource.
 *
 * A function of its arguments alone, so two plans of one program are equal. Where the real provider draws random
 * digits, these come from a hash of the URN.
 */
export function simulate(request: SimulationRequest): Simulation {
  const { type, urn, inputs } = request;
  const account = accountOf(request);
  const known = simulatedTypes[type];
  const defaults: JsonObject = {
    ...automaticName(known?.autoName, request),
    ...(type.startsWith("aws:") ? documentsAsText(inputs) : {}),
  };
  if (type.startsWith("pulumi:providers:")) return { id: uuid(urn), defaults, computed: {} };
  if (type === "pulumi:index:Stash") {
    return { id: uuid(urn), defaults, computed: inputs.input === undefined ? {} : { output: inputs.input } };
  }
  if (!type.startsWith("aws:")) return { id: `${request.name}-${hexDigest(urn, 8)}`, defaults, computed: {} };

  const service = type.split(/[:/]/)[1] ?? "";
  const context = contextOf(request, { ...inputs, ...defaults }, account);
  const common = commonOutputs(service, inputs, account);
  if (known === undefined) {
    const id = `${request.name}-${hexDigest(urn, 8)}`;
    const shortType = type.slice(type.lastIndexOf(":") + 1);
    const arn = context.arn(service, `${kebabCase(shortType)}/${id}`);
    return { id, defaults, computed: { ...common, arn } };
  }
  const { id, ...computed } = known.outputs(context);
  return { id: String(id), defaults, computed: { ...common, ...computed } };
}

/** A resource may name its own region since version 7 of the AWS provider. */
function accountOf(request: SimulationRequest): SimulatedAccount {
  const region = withoutSecret(request.inputs.region);
  return typeof region === "string" && region !== unknownSentinel
    ? { ...request.account, region }
    : request.account;
}

/**
 * Pulumi's automatic name: logical name, hyphen, seven hexadecimal digits; with a prefix input, prefix and digits.
 * https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 */
function automaticName(named: NamedType | undefined, request: SimulationRequest): JsonObject {
  if (named === undefined || request.inputs[named.property] !== undefined) return {};
  const prefix = withoutSecret(request.inputs[`${named.property}Prefix`]);
  const digits = hexDigest(request.urn, 7);
  const base = typeof prefix === "string" ? `${prefix}${digits}` : `${request.name}-${digits}`;
  const lead = named.lead ?? "";
  const room = (named.maxLength ?? 255) - lead.length;
  const fitted = base.length <= room ? base : `${base.slice(0, room - 8)}-${digits}`;
  return { [named.property]: lead + (named.lowerCase === true ? fitted.toLowerCase() : fitted) };
}

/** Version 7 of the provider takes policy documents as objects; its Check turns them into text. */
function documentsAsText(inputs: JsonObject): JsonObject {
  const texts: JsonObject = {};
  for (const key of ["policy", "assumeRolePolicy"]) {
    const value = inputs[key];
    if (isJsonObject(value) && ("Statement" in value || "Version" in value)) {
      texts[key] = JSON.stringify(value);
    }
  }
  return texts;
}

function commonOutputs(service: string, inputs: JsonObject, account: SimulatedAccount): JsonObject {
  return {
    ...(globalServices.has(service) ? {} : { region: account.region }),
    ...(inputs.tags === undefined ? {} : { tagsAll: inputs.tags }),
  };
}

function contextOf(
  request: SimulationRequest,
  inputs: JsonObject,
  account: SimulatedAccount,
): SimulationContext {
  const text = (property: string): string => {
    const value: JsonValue | undefined = withoutSecret(inputs[property]);
    return typeof value === "string"
      ? value
      : typeof value === "number"
        ? String(value)
        : `${request.name}-${property}`;
  };
  return {
    urn: request.urn,
    name: request.name,
    inputs,
    ...account,
    text,
    has: (property) => inputs[property] !== undefined,
    hex: (length, salt = "") => hexDigest(salt + request.urn, length),
    arn: (service, resource) =>
      `arn:${account.partition}:${service}:${account.region}:${account.accountId}:${resource}`,
    globalArn: (service, resource) => `arn:${account.partition}:${service}::${account.accountId}:${resource}`,
  };
}

function kebabCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}
