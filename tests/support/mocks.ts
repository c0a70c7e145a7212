import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";

/** One registration as the engine would have received it. */
export interface Recorded {
  /** `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  /** As sent: Outputs resolved, secrets `{ "4dabf18193072939515e22adb298388d": …, value }`, undefined keys absent. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on inputs of every shape
  readonly inputs: Record<string, any>;
  /** Logical name of the parent; undefined directly under the stack. */
  readonly parent: string | undefined;
  readonly custom: boolean;
  readonly options: RecordedOptions;
  /** Logical names of what it waits for, explicit or through an input; sorted, without duplicates. */
  readonly dependencies: readonly string[];
}

export interface RecordedOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

export interface MockSettings {
  /** True: the program believes that it runs in `pulumi preview`. @default false */
  readonly preview?: boolean;
  /** Answers by invoke token, added to or in place of the default ones. @default {} */
  readonly invokes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Outputs that a resource gets beside its inputs and the simulated ones, by logical name. @default {} */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const mockAccountId = "123456789012";
export const mockRegion = "us-east-1";

/** Answers that are the same for every test; any other invoke fails with its token. */
const defaultInvokes: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": {
    names: ["us-east-1c", "us-east-1a", "us-east-1b"],
    zoneIds: ["use1-az3", "use1-az1", "use1-az2"],
  },
  "aws:ssm/getParameter:getParameter": {
    value: "ami-0123456789abcdef0",
    insecureValue: "ami-0123456789abcdef0",
    type: "String",
  },
  "aws:ec2/getVpc:getVpc": { cidrBlock: "172.31.0.0/16" },
};

/**
 * Runs a piece of program under Pulumi's mocks and returns every registration in a stable order.
 *
 * It waits until no registration is under way (`disconnect`), so nothing that a chain of Outputs creates late is
 * missed. A simulated resource answers with its inputs plus `arn`, `id` and `name`; what it does not prove is that
 * AWS accepts them.
 *
 * @throws the first error of `build`, or of an Output that nothing handles.
 */
export async function recordResources(
  build: () => unknown,
  settings: MockSettings = {},
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await failingOnUnhandled(async () => {
    await pulumi.runtime.setMocks(mocks(settings), "sagemaker-ops", "test", settings.preview ?? false);
    intercept(getMonitor() as unknown as MockMonitor, recorded);
    await pulumi.runtime.runInPulumiStack(async () => {
      await build();
    });
    await pulumi.runtime.disconnect();
  });
  return recorded
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name));
}

/** The recorded resources of one type, `aws:s3/bucket:Bucket`. */
export function ofType(resources: readonly Recorded[], type: string): Recorded[] {
  return resources.filter((resource) => resource.type === type);
}

/** Exactly one resource by type and, where the type occurs more than once, logical name. */
export function only(resources: readonly Recorded[], type: string, name?: string): Recorded {
  const found = ofType(resources, type).filter((resource) => name === undefined || resource.name === name);
  const [resource] = found;
  if (resource === undefined || found.length !== 1) {
    const names = ofType(resources, type).map((candidate) => candidate.name);
    throw new Error(
      `expected one ${type}${name === undefined ? "" : ` named ${name}`}, got ${found.length} of [${names.join(", ")}]`,
    );
  }
  return resource;
}

/** How many resources of each type there are; components included. */
export function countByType(resources: readonly Recorded[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function mocks(settings: MockSettings): pulumi.runtime.Mocks {
  const invokes = { ...defaultInvokes, ...settings.invokes };
  return {
    newResource: ({ type, name, inputs, custom, id }) => ({
      id: custom === false ? "" : (id ?? "") !== "" ? id : String(identity(type, name, inputs)),
      state: {
        ...(custom === false ? {} : simulated(type, name, inputs)),
        ...inputs,
        ...settings.outputs?.[name],
      },
    }),
    call: ({ token, inputs }) => {
      const answer = invokes[token];
      if (answer === undefined) {
        const message = `no answer is declared for the invoke ${token}`;
        // The SDK reads the text of a failed invoke where gRPC puts it.
        throw Object.assign(new Error(message), { details: message });
      }
      return { ...inputs, ...answer };
    },
  };
}

function identity(type: string, name: string, inputs: Record<string, unknown>): unknown {
  return type === "aws:s3/bucket:Bucket" ? (inputs.bucket ?? name) : (inputs.name ?? `${name}-id`);
}

function simulated(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const [, module = "", kind = ""] = type.split(":");
  const service = module.split("/")[0];
  const physical = inputs.name ?? name;
  if (kind === "Bucket") {
    const bucket = inputs.bucket ?? name;
    return { bucket, arn: `arn:aws:s3:::${bucket}` };
  }
  return {
    name: physical,
    arn:
      service === "iam"
        ? `arn:aws:iam::${mockAccountId}:${kind.toLowerCase()}/${physical}`
        : `arn:aws:${service}:${mockRegion}:${mockAccountId}:${kind.toLowerCase()}/${physical}`,
  };
}

/** A failed Output rejects no promise that a caller holds: like Pulumi's own runner, listen for what escapes. */
async function failingOnUnhandled(body: () => Promise<void>): Promise<void> {
  const escaped: unknown[] = [];
  const collect = (reason: unknown) => escaped.push(reason);
  const previous = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  try {
    await body();
  } catch (error) {
    escaped.unshift(error);
  } finally {
    // Node reports a rejection as unhandled only after the microtasks of its turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("unhandledRejection", collect);
    for (const listener of previous) process.on("unhandledRejection", listener);
  }
  if (escaped.length > 0) throw escaped[0];
}

/** The SDK's mocks see neither parent nor options nor dependencies; the request does. */
function intercept(monitor: MockMonitor, recorded: Recorded[]): void {
  // The SDK's mocks say that they support hooks, and cannot take one.
  Object.assign(monitor, {
    registerErrorHook: (_request: unknown, callback: (error: unknown) => void) => callback(null),
  });
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (
    request: RegisterResourceRequest,
    callback: (error: unknown, response: RegisterResourceResponse | undefined) => void,
  ) => {
    const object = request.getObject();
    recorded.push({
      type: request.getType(),
      name: request.getName(),
      inputs: object === undefined ? {} : pulumi.runtime.deserializeProperties(object, true),
      parent: request.getParent().includes("pulumi:pulumi:Stack::")
        ? undefined
        : lastPart(request.getParent()),
      custom: request.getCustom(),
      options: {
        protect: request.getProtect() === true,
        retainOnDelete: request.getRetainondelete() === true,
        deleteBeforeReplace: request.getDeletebeforereplace() === true,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
      },
      dependencies: [...new Set(request.getDependenciesList().map(lastPart))].sort(compare),
    });
    await register(request, callback);
  };
}

function lastPart(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
