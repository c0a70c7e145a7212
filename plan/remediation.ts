import type * as analyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue, sortKeys } from "./json-value";
import type { AnalyzedResource } from "./policy-requests";
import { archiveSignature, signatureOf } from "./wire";

export interface RemediationStep {
  policy: string;
  /** Input properties that the policy added, changed or removed, sorted. */
  changed: string[];
  /** Why the policy could not run; then nothing changed. */
  diagnostic: string | undefined;
}

/**
 * Applies a pack's remediations to a resource, in order, and tells what each changed. Outputs follow their inputs,
 * because stack policies see the resource as it would have been created.
 */
export function applyRemediations(
  resource: AnalyzedResource,
  remediations: readonly analyzerProto.Remediation[],
): RemediationStep[] {
  return remediations.map((remediation) => {
    const properties = remediation.getProperties()?.toJavaScript() as JsonObject | undefined;
    const diagnostic = remediation.getDiagnostic();
    const changed = properties === undefined ? [] : changedProperties(resource.inputs, properties);
    for (const key of changed) {
      const value = properties?.[key];
      resource.inputs = withProperty(resource.inputs, key, value);
      resource.outputs = withProperty(resource.outputs, key, value);
    }
    return {
      policy: remediation.getPolicyname(),
      changed,
      diagnostic: diagnostic === "" ? undefined : diagnostic,
    };
  });
}

/**
 * Top-level properties that differ. Archives are left alone: the policy SDK returns an AssetArchive without its
 * contents (`serializeProperty` in @pulumi/policy 1.21), which is no change that the policy meant.
 */
function changedProperties(before: JsonObject, after: JsonObject): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => canonical(before[key]) !== canonical(after[key]))
    .filter((key) => !containsArchive(before[key]))
    .sort(byCodeUnit);
}

function canonical(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(sortKeys(value));
}

function containsArchive(value: JsonValue | undefined): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some(containsArchive);
  if (!isJsonObject(value)) return false;
  return signatureOf(value) === archiveSignature || Object.values(value).some(containsArchive);
}

function withProperty(properties: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  const { [key]: _previous, ...rest } = properties;
  return value === undefined ? rest : { ...rest, [key]: value };
}
