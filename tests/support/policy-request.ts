import type { Policies } from "@pulumi/policy";
import * as policyServer from "@pulumi/policy/server";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/**
 * Policies through the SDK's own request path: the protobuf, the proxy that throws on unknowns, the unwrapping of secrets
 * and the catching of exceptions are the real ones. Handing a policy plain properties proves less
 * (https://github.com/pulumi/pulumi-policy/issues/445). Not proved: the engine's part, which the black-box test takes a step further.
 */
export interface PolicyRequest {
  readonly type: string;
  /** Values as a program has them, with `UNKNOWN_STRING` and `secret(…)` where wanted; `undefined` members are dropped. */
  readonly props: Record<string, unknown>;
  readonly name?: string;
  readonly provider?: Record<string, unknown>;
}

export interface Diagnostic {
  readonly policy: string;
  readonly level: "advisory" | "mandatory" | "disabled" | "remediate";
  readonly message: string;
}

export interface PolicyAnswer {
  readonly diagnostics: readonly Diagnostic[];
  readonly notApplicable: readonly string[];
}

/** What the engine sends for a string that is not known in a preview. */
export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const UNKNOWN_ARRAY = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
export const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

/** What the engine sends for a secret. */
export function secret(value: unknown): Record<string, unknown> {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

type RpcFunction = (
  call: { request: analyzer.AnalyzeRequest },
  callback: (error: unknown, response?: analyzer.AnalyzeResponse) => void,
) => Promise<void>;

// Marked internal, so exported without types.
const { makeAnalyzeRpcFun } = policyServer as unknown as {
  makeAnalyzeRpcFun: (pack: string, version: string, level: string, policies: Policies) => RpcFunction;
};

export function toRequest({
  type,
  props,
  name = "subject",
  provider,
}: PolicyRequest): analyzer.AnalyzeRequest {
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(`urn:pulumi:test::project::${type}::${name}`);
  request.setProperties(Struct.fromJavaScript(withoutUndefined(props) as Record<string, never>));
  request.setOptions(new analyzer.AnalyzerResourceOptions());

  if (provider !== undefined) {
    const resource = new analyzer.AnalyzerProviderResource();
    resource.setType("pulumi:providers:aws");
    resource.setName("provider");
    resource.setUrn("urn:pulumi:test::project::pulumi:providers:aws::provider");
    resource.setProperties(Struct.fromJavaScript(provider as Record<string, never>));
    request.setProvider(resource);
  }
  return request;
}

export function fromResponse(response: analyzer.AnalyzeResponse): PolicyAnswer {
  const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;
  return {
    diagnostics: response.getDiagnosticsList().map((diagnostic) => ({
      policy: diagnostic.getPolicyname(),
      level: levels[diagnostic.getEnforcementlevel()] ?? "disabled",
      message: diagnostic.getMessage(),
    })),
    notApplicable: response.getNotApplicableList().map((entry) => entry.getPolicyName()),
  };
}

/** Rejects if a policy throws anything, as the engine would stop the whole update then. */
export async function analyze(policies: Policies, request: PolicyRequest): Promise<PolicyAnswer> {
  const rpc = makeAnalyzeRpcFun("sagemaker-guard", "0.0.0-test", "advisory", policies);

  return new Promise((resolve, reject) => {
    rpc({ request: toRequest(request) }, (error, response) => {
      if (error !== null && error !== undefined) reject(error);
      else if (response === undefined)
        reject(new Error("the analyzer answered neither an error nor a response"));
      else resolve(fromResponse(response));
    }).catch(reject);
  });
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, withoutUndefined(member)]),
  );
}
