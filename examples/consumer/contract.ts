import { getParameter } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";

/** Where the classifier's team publishes: the outputs of its stack, or one SSM parameter per endpoint. */
export type Source =
  | { readonly kind: "stack"; readonly name: string }
  | { readonly kind: "parameter"; readonly prefix: string };

/** What this program uses of an endpoint's entry; the contract has more. */
export interface Classifier {
  /** What to invoke. */
  readonly functionAliasArn: string;
  /** Managed policy that allows it. */
  readonly invokePolicyArn: string;
}

/** Within a version of the contract fields are only added, so nothing else needs a check. */
const contractVersion = "1";

/**
 * How to call one endpoint of the classifier. Nothing in the contract is secret and all of it is known in a preview, so it is
 * awaited: a wrong contract stops the program before its first resource.
 *
 * @throws Error when the publisher speaks another version of the contract, has no such endpoint, or leaves out a field.
 */
export async function readClassifier(source: Source, endpoint: string): Promise<Classifier> {
  switch (source.kind) {
    case "stack":
      return fromStack(source.name, endpoint);
    case "parameter":
      return fromParameter(`${source.prefix}/endpoints/${endpoint}`);
    default:
      throw refusal(
        `The setting "source" is ${JSON.stringify(source)}; its kind must be "stack", with a name, or "parameter", with a prefix.`,
      );
  }
}

async function fromStack(name: string, endpoint: string): Promise<Classifier> {
  const stack = new pulumi.StackReference(name);
  // First: another version may have no output of the second name.
  requireVersion(await stack.requireOutputValue("contractVersion"), `Stack ${name}`);
  const endpoints: Record<string, unknown> = await stack.requireOutputValue("endpoints");
  const entry = endpoints[endpoint];
  if (entry === undefined) {
    const others = Object.keys(endpoints).sort().join(", ");
    throw refusal(
      `Stack ${name} serves no endpoint "${endpoint}"; it serves ${others === "" ? "none" : others}. ` +
        `Its output "pending" says what waits for what.`,
    );
  }
  return classifierOf(entry, `endpoint "${endpoint}" of stack ${name}`);
}

async function fromParameter(name: string): Promise<Classifier> {
  const { insecureValue } = await getParameter({ name });
  const entry = parsed(insecureValue, name);
  requireVersion(entry.contractVersion, `Parameter ${name}`);
  return classifierOf(entry, `parameter ${name}`);
}

function parsed(text: string, name: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw refusal(`Parameter ${name} does not hold JSON. Does the setting "source" name the right prefix?`);
  }
}

function requireVersion(version: unknown, publisher: string): void {
  if (version === contractVersion) return;
  throw refusal(
    `${publisher} publishes version ${JSON.stringify(version) ?? "none"} of the outputs contract; this program reads ` +
      `version "${contractVersion}". Bring contract.ts up to the published version first.`,
  );
}

function classifierOf(entry: unknown, where: string): Classifier {
  return {
    functionAliasArn: arnOf(entry, "functionAliasArn", where),
    invokePolicyArn: arnOf(entry, "invokePolicyArn", where),
  };
}

function arnOf(entry: unknown, field: keyof Classifier, where: string): string {
  const value = (entry as Partial<Record<string, unknown>> | null)?.[field];
  if (typeof value === "string" && value.startsWith("arn:")) return value;
  throw refusal(
    `The ${where} has ${value === undefined ? "no" : "an unusable"} "${field}"; an ARN is expected. Either there is no ` +
      "function in front of this endpoint, or the publisher breaks the contract: ask its team.",
  );
}

/**
 * An error for people, without a stack trace: Pulumi's runner maps every trace back to its sources, which takes a minute on some
 * versions of Node (https://github.com/nodejs/node/issues/64011).
 */
function refusal(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}
