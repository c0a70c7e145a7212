import type { Policies } from "@pulumi/policy";
import * as policyServer from "@pulumi/policy/server";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromResponse, type Diagnostic as ResourceDiagnostic, toRequest } from "./policy-request";

/** One resource of a stack, as a stack policy is shown it. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  /** Outputs, with `UNKNOWN_STRING` and `secret(…)` where wanted; `undefined` members are dropped. */
  readonly props: Record<string, unknown>;
  /** @default - made from type and name, see `urnOf` */
  readonly urn?: string;
  /** URN of the parent. */
  readonly parent?: string;
  /** URNs of the resources that each property refers to. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly provider?: Record<string, unknown>;
  readonly protect?: boolean;
}

export interface Diagnostic extends ResourceDiagnostic {
  /** Empty for what is about the stack. */
  readonly urn: string;
}

type StackRpcFunction = (
  call: { request: analyzer.AnalyzeStackRequest },
  callback: (error: unknown, response?: analyzer.AnalyzeResponse) => void,
) => Promise<void>;

// Marked internal, so exported without types.
const { makeAnalyzeStackRpcFun } = policyServer as unknown as {
  makeAnalyzeStackRpcFun: (
    pack: string,
    version: string,
    level: string,
    policies: Policies,
  ) => StackRpcFunction;
};

/** The URN that `analyzeStack` gives a resource, for `parent` and `propertyDependencies`. */
export function urnOf({ type, name, urn }: Pick<StackResource, "type" | "name" | "urn">): string {
  return urn ?? `urn:pulumi:test::project::${type}::${name}`;
}

/**
 * Stack policies through the SDK's own request path, as `analyze` does for one resource: resource policies among them are not asked.
 * Rejects if a policy throws anything, as the engine would stop then. Not proved: which outputs the engine knows at that time.
 */
export async function analyzeStack(
  policies: Policies,
  resources: readonly StackResource[],
): Promise<readonly Diagnostic[]> {
  const rpc = makeAnalyzeStackRpcFun("sagemaker-guard", "0.0.0-test", "advisory", policies);
  const request = toStackRequest(resources);

  const response = await new Promise<analyzer.AnalyzeResponse>((resolve, reject) => {
    rpc({ request }, (error, answer) => {
      if (error !== null && error !== undefined) reject(error);
      else if (answer === undefined)
        reject(new Error("the analyzer answered neither an error nor a response"));
      else resolve(answer);
    }).catch(reject);
  });
  return fromStackResponse(response);
}

export function toStackRequest(resources: readonly StackResource[]): analyzer.AnalyzeStackRequest {
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(resources.map(toResource));
  return request;
}

export function fromStackResponse(response: analyzer.AnalyzeResponse): readonly Diagnostic[] {
  const urns = response.getDiagnosticsList().map((diagnostic) => diagnostic.getUrn());
  return fromResponse(response).diagnostics.map((diagnostic, index) => ({
    ...diagnostic,
    urn: urns[index] ?? "",
  }));
}

function toResource(resource: StackResource): analyzer.AnalyzerResource {
  const { type, name, props, parent = "", provider } = resource;
  const alone = toRequest({ type, name, props, ...(provider === undefined ? {} : { provider }) });

  const message = new analyzer.AnalyzerResource();
  message.setType(type);
  message.setName(name);
  message.setUrn(urnOf(resource));
  message.setProperties(alone.getProperties() ?? Struct.fromJavaScript({}));
  message.setProvider(alone.getProvider());
  message.setParent(parent);
  const options = new analyzer.AnalyzerResourceOptions();
  options.setProtect(resource.protect ?? false);
  message.setOptions(options);

  const dependencies = Object.entries(resource.propertyDependencies ?? {});
  for (const [property, urns] of dependencies) {
    const targets = new analyzer.AnalyzerPropertyDependencies();
    targets.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(property, targets);
  }
  message.setDependenciesList([...new Set(dependencies.flatMap(([, urns]) => urns))]);
  return message;
}
