import { findInstanceType } from "../catalog/instance-types";
import { entriesOf } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at } from "../nested";
import { type StackSubject, stackRule } from "../rule";
import { UNKNOWN } from "../values";
import { CONFIGURATION, ENDPOINT, NATIVE_CONFIGURATION, NATIVE_ENDPOINT } from "./reads";

const TARGET = "aws:appautoscaling/target:Target";
const DIMENSION = "sagemaker:variant:DesiredInstanceCount";
const REMEDY =
  "Choose a type of another family, such as ml.m5.large, or leave the scaling out: AWS refuses to register burstable types.";

/** What a target scales: an endpoint, by its resource in this program where it has one, and a variant. */
interface Scaled {
  readonly target: StackSubject;
  readonly endpoint: StackSubject | undefined;
  /** Missing while the target's resource id is unknown: then every variant may be meant. */
  readonly variantName: string | undefined;
}

/** A stack rule, since the type stands in the configuration, and the scaling in a target that names the endpoint. */
export const noBurstableScaling = stackRule({
  id: "endpoint-no-burstable-scaling",
  title: "No scaling of burstable types",
  sentence: "No endpoint on a burstable instance type is to scale by itself, which AWS refuses.",
  severity: "high",
  level: "mandatory",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html",
  reads: {
    [TARGET]: ["resourceId", "scalableDimension"],
    [ENDPOINT]: ["name", "endpointConfigName"],
    [NATIVE_ENDPOINT]: ["endpointName", "endpointConfigName"],
    [CONFIGURATION]: ["name", "productionVariants"],
    [NATIVE_CONFIGURATION]: ["endpointConfigName", "productionVariants"],
  },
  check: (resources) => {
    const configurations = resources.filter(
      ({ type }) => type === CONFIGURATION || type === NATIVE_CONFIGURATION,
    );
    const targets = resources.filter(({ type, properties: { scalableDimension: dimension } }) => {
      return type === TARGET && (dimension === DIMENSION || dimension === UNKNOWN);
    });
    return [
      ...configurations.flatMap(managedScaling),
      ...targets
        .map((target) => scaledBy(target, resources))
        .flatMap((scaled) => judge(scaled, configurations)),
    ];
  },
});

function managedScaling(configuration: StackSubject): readonly Finding[] {
  return variants(configuration).flatMap(({ path, value }) => {
    const status = at(value, "managedInstanceScaling.status");
    const type = at(value, "instanceType");
    if (status === undefined || status === "DISABLED" || !isBurstable(type)) return [];
    if (status === UNKNOWN) return [undecided(`${path}.managedInstanceScaling.status`, configuration.urn)];
    return [
      violation(
        `${path} has managedInstanceScaling on the burstable type ${String(type)}. ${REMEDY}`,
        configuration.urn,
      ),
    ];
  });
}

function scaledBy(target: StackSubject, resources: readonly StackSubject[]): Scaled {
  const { resourceId } = target.properties;
  const parts =
    typeof resourceId === "string" ? /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(resourceId) : null;
  const named = resources.find((resource) => parts?.[1] !== undefined && endpointName(resource) === parts[1]);
  const endpoint =
    named ?? resources.find(({ type, urn }) => isEndpoint(type) && refers(target, "resourceId", urn));
  return { target, endpoint, variantName: parts?.[2] };
}

function judge(
  { target, endpoint, variantName }: Scaled,
  configurations: readonly StackSubject[],
): readonly Finding[] {
  const configuration = endpoint === undefined ? undefined : configurationOf(endpoint, configurations);
  // Nothing joins an endpoint of elsewhere, or one whose name and configuration are both unknown, to a type in this program.
  const unknown =
    endpoint === undefined ? target.properties.resourceId : endpoint.properties.endpointConfigName;
  if (configuration === undefined) {
    const possible = configurations.some((other) =>
      variants(other).some(({ value }) => isBurstable(at(value, "instanceType"))),
    );
    return unknown === UNKNOWN && possible
      ? [
          undecided(
            `the endpoint configuration that the scalable target "${target.name}" belongs to`,
            target.urn,
          ),
        ]
      : [];
  }
  const all = variants(configuration).map(({ path, value }) => ({
    path,
    type: at(value, "instanceType"),
    name: at(value, "variantName"),
  }));
  const burstable = all.filter(({ type }) => isBurstable(type));
  // Whichever variant is meant, it is a burstable one.
  const whichever = burstable.length === all.length;
  return all.flatMap(({ path, type, name }) => {
    const other = variantName !== undefined && typeof name === "string" && name !== variantName;
    if (other) return [];
    if (type === UNKNOWN) return [undecided(`${path}.instanceType of "${configuration.name}"`, target.urn)];
    if (!isBurstable(type)) return [];
    if (target.properties.scalableDimension === UNKNOWN) {
      return [undecided(`scalableDimension of "${target.name}"`, target.urn)];
    }
    if (name !== variantName && !whichever) {
      return [undecided(`the variant that "${target.name}" scales`, target.urn)];
    }
    return [
      violation(
        `"${target.name}" scales ${path} of "${configuration.name}", which is the burstable type ${String(type)}. ${REMEDY}`,
        target.urn,
      ),
    ];
  });
}

function configurationOf(endpoint: StackSubject, all: readonly StackSubject[]): StackSubject | undefined {
  const wanted = endpoint.properties.endpointConfigName;
  return (
    all.find(({ urn }) => refers(endpoint, "endpointConfigName", urn)) ??
    all.find(({ properties: { name, endpointConfigName } }) => {
      return typeof wanted === "string" && (name === wanted || endpointConfigName === wanted);
    })
  );
}

function variants({ properties }: StackSubject) {
  return entriesOf(properties.productionVariants, "productionVariants");
}

function isEndpoint(type: string): boolean {
  return type === ENDPOINT || type === NATIVE_ENDPOINT;
}

function endpointName({ type, properties: { name, endpointName: native } }: StackSubject): unknown {
  return isEndpoint(type) ? (name ?? native) : undefined;
}

function refers({ propertyDependencies }: StackSubject, property: string, urn: string): boolean {
  return propertyDependencies[property]?.includes(urn) === true;
}

function isBurstable(type: unknown): boolean {
  if (typeof type !== "string") return false;
  // A name the catalogue does not know is judged by AWS's letter for the family.
  return findInstanceType("hosting", type)?.burstable ?? /^ml\.t\d/.test(type);
}
