import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { count } from "../settings";
import { quantity, UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { type Variant, variantsOf } from "./variants";

/**
 * Asynchronous endpoints are exempt, since their requests wait in a queue, which also lets them run without any instance; serverless
 * variants have no instances; a shadow answers nobody.
 */
export const instanceMinimum = resourceRule({
  id: "endpoint-instance-minimum",
  title: "Enough instances behind real-time endpoints",
  sentence:
    "Every real-time variant starts with enough instances to lose one, or one zone, and to move traffic in steps.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  standards: ["SageMaker.4"],
  remediation:
    "Raise initialInstanceCount (and the minimum of its scaling), or set instances lower where an outage is bearable.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/best-practices.html",
  reads: configurationReads("productionVariants", "asyncInferenceConfig"),
  fields: {
    instances: count(2, "Instances that a real-time variant starts with, at least.", {
      minimum: 1,
      maximum: 1000,
    }),
  },
  check: ({ properties }, { instances }) => {
    const asynchronous = properties.asyncInferenceConfig;
    if (asynchronous !== undefined && asynchronous !== null && asynchronous !== UNKNOWN) return [];
    const found = variantsOf(properties, "productionVariants").flatMap((variant) =>
      judge(variant, instances),
    );
    return asynchronous === UNKNOWN && found.length > 0 ? [undecided("asyncInferenceConfig")] : found;
  },
});

function judge({ path, value, kind }: Variant, instances: number): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (kind === "serverless") return [];
  if (kind === "unknown") return [undecided(`${path}.serverlessConfig`)];

  // With managed scaling SageMaker starts at its minimum where no initial count is given.
  const given = at(value, "initialInstanceCount") ?? at(value, "managedInstanceScaling.minInstanceCount");
  const number = quantity(given);
  if (number.kind === "unknown") return [undecided(`${path}.initialInstanceCount`)];
  if (number.kind === "known" && number.value >= instances) return [];
  return [
    violation(
      `${path}.initialInstanceCount is ${shown(given)}; at least ${instances} are asked for. Raise it, or set instances lower for this stack, since each instance is paid for around the clock.`,
    ),
  ];
}
