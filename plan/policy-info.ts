import type * as analyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import type { JsonObject } from "./json-value";
import type { LoadedPack } from "./pack-host";
import { askPack } from "./policy-calls";
import {
  type ConfigurablePolicy,
  type EffectiveConfig,
  type EnforcementLevel,
  enforcementLevels,
  type PolicyPackConfig,
} from "./policy-config";

export type Severity = "unspecified" | "low" | "medium" | "high" | "critical";

/** In the order of the protobuf enumeration PolicySeverity. */
const severities: readonly Severity[] = ["unspecified", "low", "medium", "high", "critical"];

/** What a pack declares about one policy. */
export interface PolicyInfo extends ConfigurablePolicy {
  kind: "resource" | "stack";
  displayName: string;
  description: string;
  severity: Severity;
  url: string | undefined;
  remediationSteps: string | undefined;
  tags: string[];
  framework: { name: string; version: string; reference: string; specification: string } | undefined;
}

export interface PackInfo {
  name: string;
  version: string;
  policies: PolicyInfo[];
  initialConfig: PolicyPackConfig;
}

/** The pack's own answer to the engine's `getAnalyzerInfo`. */
export async function readPackInfo(loaded: LoadedPack): Promise<PackInfo> {
  const info = (await askPack(loaded.handlers.getAnalyzerInfo, undefined)) as analyzerProto.AnalyzerInfo;
  const initialConfig: PolicyPackConfig = {};
  info.getInitialconfigMap().forEach((config, name) => {
    initialConfig[name] = {
      ...(config.getProperties()?.toJavaScript() as JsonObject | undefined),
      enforcementLevel: enforcementLevelOf(loaded, config.getEnforcementlevel()),
    };
  });
  return {
    name: info.getName(),
    version: info.getVersion(),
    policies: info.getPoliciesList().map((policy) => policyInfo(loaded, policy)),
    initialConfig,
  };
}

/** The engine's `configure` call, which fills what policies get from `getConfig()`. */
export async function sendConfig(
  loaded: LoadedPack,
  config: ReadonlyMap<string, EffectiveConfig>,
): Promise<void> {
  const request = new loaded.proto.ConfigureAnalyzerRequest();
  for (const [name, { level, properties }] of config) {
    const policy = new loaded.proto.PolicyConfig();
    policy.setEnforcementlevel(protoLevel(loaded, level));
    policy.setProperties(loaded.Struct.fromJavaScript(properties));
    request.getPolicyconfigMap().set(name, policy);
  }
  await askPack(loaded.handlers.configure, request);
}

/** The engine's `configureStack` call. Tags come from Pulumi Cloud; a stack in a plan has none. */
export async function sendStack(
  loaded: LoadedPack,
  names: { project: string; stack: string },
  preview: boolean,
): Promise<void> {
  const request = new loaded.proto.AnalyzerStackConfigureRequest();
  request.setProject(names.project);
  request.setStack(names.stack);
  request.setDryRun(preview);
  await askPack(loaded.handlers.configureStack, request);
}

export function enforcementLevelOf(
  loaded: LoadedPack,
  level: analyzerProto.EnforcementLevel,
): EnforcementLevel {
  const found = enforcementLevels.find((name) => protoLevel(loaded, name) === level);
  return found ?? "advisory";
}

export function severityOf(severity: analyzerProto.PolicySeverity): Severity {
  return severities[severity] ?? "unspecified";
}

function protoLevel(loaded: LoadedPack, level: EnforcementLevel): analyzerProto.EnforcementLevel {
  const levels = loaded.proto.EnforcementLevel;
  return {
    advisory: levels.ADVISORY,
    mandatory: levels.MANDATORY,
    disabled: levels.DISABLED,
    remediate: levels.REMEDIATE,
  }[level];
}

function policyInfo(loaded: LoadedPack, policy: analyzerProto.PolicyInfo): PolicyInfo {
  const schema = policy.getConfigschema();
  const framework = policy.getFramework();
  return {
    name: policy.getName(),
    kind: policy.getPolicyType() === loaded.proto.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
    level: enforcementLevelOf(loaded, policy.getEnforcementlevel()),
    displayName: policy.getDisplayname(),
    description: policy.getDescription(),
    severity: severityOf(policy.getSeverity()),
    url: given(policy.getUrl()),
    remediationSteps: given(policy.getRemediationSteps()),
    tags: policy.getTagsList(),
    framework:
      framework === undefined
        ? undefined
        : {
            name: framework.getName(),
            version: framework.getVersion(),
            reference: framework.getReference(),
            specification: framework.getSpecification(),
          },
    schema:
      schema === undefined
        ? undefined
        : {
            properties: (schema.getProperties()?.toJavaScript() ?? {}) as Record<string, JsonObject>,
            required: schema.getRequiredList(),
          },
  };
}

function given(text: string): string | undefined {
  return text === "" ? undefined : text;
}
