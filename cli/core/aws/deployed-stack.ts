import { spawnSync } from "node:child_process";
import { type Contract, parseContract } from "../../../infra/outputs";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import { CommandError, exitStatus } from "../exit-status";
import { jsonIn } from "../json-text";
import { readJsonObject } from "../read-file";

/** A resource in the stack's state. */
export interface StateResource {
  /** Pulumi's type token, `aws:sagemaker/model:Model`. */
  readonly type: string;
  /** Logical name, `single-model`. */
  readonly name: string;
  /** The provider's id; for SageMaker's resources their name. Of one that is being created, the name it was given. */
  readonly id: string;
  /** It has a successor, and is only to be deleted yet. */
  readonly replaced: boolean;
  /** Logical name of the component that it is part of. Absent where it is part of none. */
  readonly parentName?: string;
  /** Absent where AWS has none for it, or it is not made yet. */
  readonly arn?: string;
  /** Of a role's own policy: whose it is, and the actions that it allows, as they are written: `s3:Get*`. */
  readonly allows?: { readonly roleName: string; readonly actions: readonly string[] };
  /** Of an EC2 instance: ids of what AWS made along with it and tagged alike, such as its volume. */
  readonly partIds?: readonly string[];
}

/** What is deployed of a stack, as its state tells. */
export interface DeployedStack {
  /** Absent where nothing is deployed: before the first `up`, and after `destroy`. */
  readonly contract: Contract | undefined;
  /** Absent where only the outputs were given. */
  readonly resources: readonly StateResource[] | undefined;
}

export interface DeployedStackSource {
  /** File with what `pulumi stack output --json` prints. */
  readonly outputs?: string | undefined;
  /** File with what `pulumi stack export` prints. */
  readonly state?: string | undefined;
}

/**
 * Reads the stack's state by the Pulumi CLI, or from a file that it wrote elsewhere.
 *
 * @param folder of the Pulumi project.
 * @throws CommandError where neither is possible, or where the outputs are no contract.
 */
export function readDeployedStack(
  folder: string,
  stack: string,
  { outputs, state }: DeployedStackSource = {},
): DeployedStack {
  if (outputs !== undefined && state !== undefined)
    throw new CommandError("--outputs and --state say the same in two ways. Give one of them.");
  if (outputs !== undefined)
    return {
      contract: contractOf(readJsonObject<JsonObject>("--outputs", outputs), `--outputs ${outputs}`),
      resources: undefined,
    };
  if (state !== undefined)
    return deployedStack(readJsonObject<JsonObject>("--state", state), `--state ${state}`);
  return deployedStack(exportState(folder, stack), `the state of stack ${stack}`);
}

/** @param origin how messages name the state. */
export function deployedStack(exported: JsonObject, origin: string): DeployedStack {
  const { deployment } = exported;
  if (deployment !== null && !isJsonObject(deployment))
    throw new CommandError(
      `${origin} has no "deployment". Give what \`pulumi stack export\` prints; for outputs there is --outputs.`,
    );
  const known = objectsIn(deployment?.resources);
  const begun = objectsIn(deployment?.pending_operations).flatMap(({ resource }) =>
    isJsonObject(resource) ? [resource] : [],
  );
  const stack = known.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = stack?.outputs;
  return {
    contract:
      isJsonObject(outputs) && Object.keys(outputs).length > 0 ? contractOf(outputs, origin) : undefined,
    resources: [...known, ...begun].map(stateResource),
  };
}

function stateResource({
  type,
  urn,
  id,
  parent,
  inputs,
  outputs,
  delete: replaced,
}: JsonObject): StateResource {
  const given = isJsonObject(inputs) ? inputs : {};
  const made = isJsonObject(outputs) ? outputs : {};
  // One that is being created has no id yet; the name that it will have is among its inputs.
  const name = typeof given.name === "string" ? given.name : "";
  return {
    type: text(type),
    name: nameIn(urn),
    id: text(id) === "" ? name : text(id),
    replaced: replaced === true,
    ...(typeof parent === "string" ? { parentName: nameIn(parent) } : {}),
    ...(typeof made.arn === "string" ? { arn: made.arn } : {}),
    ...(type === "aws:iam/rolePolicy:RolePolicy"
      ? { allows: { roleName: text(given.role), actions: allowedActions(text(given.policy)) } }
      : {}),
    ...(type === "aws:ec2/instance:Instance" ? { partIds: ec2Ids(made) } : {}),
  };
}

/** None of a document that is not one, or that Pulumi keeps as a secret. */
function allowedActions(document: string): readonly string[] {
  const policy = jsonIn(document);
  const statements = isJsonObject(policy) ? [policy.Statement ?? []].flat() : [];
  return statements.flatMap((statement) =>
    isJsonObject(statement) && statement.Effect === "Allow"
      ? [statement.Action ?? []].flat().filter((action) => typeof action === "string")
      : [],
  );
}

/** Of `urn:pulumi:<stack>::<project>::<types>::<name>`. */
function nameIn(urn: JsonValue | undefined): string {
  return text(urn).split("::").slice(3).join("::");
}

/** Everything in it that is written as EC2 writes ids: `vol-0a1b2c3d4e5f67890`. */
function ec2Ids(value: JsonValue): readonly string[] {
  if (typeof value === "string") return /^[a-z]+-[0-9a-f]{8,17}$/.test(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(ec2Ids);
  return isJsonObject(value) ? Object.values(value).flatMap(ec2Ids) : [];
}

function contractOf(outputs: JsonObject, origin: string): Contract {
  try {
    return parseContract(outputs);
  } catch (error) {
    throw new CommandError(
      `${origin}: ${(error as Error).message} Run \`npm run up\` with this version of the program, or use the version that deployed the stack.`,
    );
  }
}

/** A whole state of a large stack is some megabytes. */
const maxStateBytes = 512 * 1024 * 1024;

const exportStep =
  "Look whether another program of the name `pulumi` comes first on PATH, or give --state with a file of the export.";

function exportState(folder: string, stack: string): JsonObject {
  const { error, status, stdout, stderr } = spawnSync(
    "pulumi",
    ["stack", "export", "--stack", stack, "--non-interactive"],
    { cwd: folder, encoding: "utf8", maxBuffer: maxStateBytes, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (error !== undefined)
    throw new CommandError(
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? "The Pulumi CLI is not installed or not on PATH, and it reads the stack's state. Install it (https://www.pulumi.com/docs/install/), or give --state with what `pulumi stack export` prints."
        : `pulumi could not be started: ${error.message}. Look whether \`pulumi version\` runs in a shell, or give --state with what \`pulumi stack export\` prints.`,
      exitStatus.missingTool,
    );
  if (status !== 0)
    throw new CommandError(
      `pulumi stack export --stack ${stack} failed: ${stderr.trim().split("\n").slice(-5).join(" ")} Log in to the backend of the stack (\`pulumi login\`), or give --state.`,
    );
  try {
    const parsed: unknown = JSON.parse(stdout);
    if (isJsonObject(parsed)) return parsed;
  } catch (cause) {
    throw new CommandError(`pulumi stack export printed no JSON: ${(cause as Error).message}. ${exportStep}`);
  }
  throw new CommandError(`pulumi stack export printed no JSON object. ${exportStep}`);
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
