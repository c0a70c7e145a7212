import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { count, type Settings } from "../settings";
import { asList, asObject, type Properties, quantity, UNKNOWN } from "../values";

const ID = "cost-scaling-max-set";

const TARGET = "aws:appautoscaling/target:Target";
const SCHEDULED = "aws:appautoscaling/scheduledAction:ScheduledAction";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

type Kind = "instances" | "environments";

// The dimensions of SageMaker and Lambda whose capacity is billed while it stands (API_RegisterScalableTarget).
const DIMENSIONS: Readonly<Record<string, Kind>> = {
  "sagemaker:variant:DesiredInstanceCount": "instances",
  "sagemaker:variant:DesiredProvisionedConcurrency": "environments",
  "lambda:function:ProvisionedConcurrency": "environments",
};

const fields = {
  instances: count(20, "Largest number of instances of one variant.", { minimum: 0, maximum: 1_000_000 }),
  environments: count(100, "Largest provisioned concurrency of one alias or serverless variant.", {
    minimum: 0,
    maximum: 1_000_000,
  }),
};

type Limits = Settings<typeof fields>;

/** The hard gate on scaling: it runs before the target exists, and needs to know nothing else of the stack. */
export const scalingMaxSet = resourceRule({
  id: ID,
  title: "Scaling with a maximum",
  sentence: "Everything that scales out by itself has a maximum, and none is above what is allowed.",
  severity: "high",
  level: "mandatory",
  group: "cost",
  remediation: "Set maxCapacity, or managedInstanceScaling.maxInstanceCount, to what the ceilings pay for.",
  url: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
  reads: {
    [TARGET]: ["serviceNamespace", "scalableDimension", "minCapacity", "maxCapacity"],
    [SCHEDULED]: ["serviceNamespace", "scalableDimension", "scalableTargetAction"],
    [CONFIGURATION]: ["productionVariants", "shadowProductionVariants"],
  },
  fields,
  check: ({ type, properties }, settings) => {
    if (type === CONFIGURATION) return managedScaling(properties, settings);
    const kind = kindOf(properties);
    if (kind === undefined) return [];
    if (typeof kind !== "string") return [kind];
    if (type === TARGET) return capacities(properties, "", kind, true, settings);
    return action(properties.scalableTargetAction, kind, settings);
  },
});

/** `undefined` for what is no cost of SageMaker or Lambda. */
function kindOf({ serviceNamespace, scalableDimension }: Properties): Kind | Finding | undefined {
  if (typeof scalableDimension === "string") {
    return Object.hasOwn(DIMENSIONS, scalableDimension) ? DIMENSIONS[scalableDimension] : undefined;
  }
  if (typeof serviceNamespace === "string" && !["sagemaker", "lambda"].includes(serviceNamespace))
    return undefined;
  return scalableDimension === UNKNOWN
    ? undecided("scalableDimension")
    : violation("scalableDimension is not given as text, so nothing says what is scaled. Give it.");
}

function action(value: unknown, kind: Kind, settings: Limits): readonly Finding[] {
  if (value === UNKNOWN) return [undecided("scalableTargetAction")];
  const given = asObject(value);
  if (given === undefined)
    return [violation("scalableTargetAction is no object with minCapacity and maxCapacity.")];
  return capacities(given, "scalableTargetAction.", kind, false, settings);
}

/** A scheduled action may leave the target's maximum alone; its minimum still lifts the capacity. */
function capacities(
  { minCapacity, maxCapacity }: Properties,
  prefix: string,
  kind: Kind,
  needsMaximum: boolean,
  settings: Limits,
): readonly Finding[] {
  return [
    ...judge(maxCapacity, `${prefix}maxCapacity`, kind, needsMaximum, settings),
    ...judge(minCapacity, `${prefix}minCapacity`, kind, false, settings),
  ];
}

function managedScaling(properties: Properties, settings: Limits): readonly Finding[] {
  return (["productionVariants", "shadowProductionVariants"] as const).flatMap((name) => {
    if (properties[name] === UNKNOWN) return [undecided(name)];
    return asList(properties[name]).flatMap((entry, index): readonly Finding[] => {
      const path = `${name}[${index}]`;
      if (entry === UNKNOWN) return [undecided(path)];
      const managed = asObject(entry)?.managedInstanceScaling;
      if (managed === UNKNOWN) return [undecided(`${path}.managedInstanceScaling`)];
      const { status, minInstanceCount, maxInstanceCount } = asObject(managed) ?? {};
      if (asObject(managed) === undefined || status === "DISABLED") return [];
      const place = `${path}.managedInstanceScaling`;
      return [
        ...judge(maxInstanceCount, `${place}.maxInstanceCount`, "instances", true, settings),
        ...judge(minInstanceCount, `${place}.minInstanceCount`, "instances", false, settings),
      ];
    });
  });
}

function judge(
  value: unknown,
  path: string,
  kind: Kind,
  isNeeded: boolean,
  settings: Limits,
): readonly Finding[] {
  const read = quantity(value);
  const limit = settings[kind];
  const allowed = `At most ${limit} ${kind} are allowed (${kind} of ${ID}).`;

  if (read.kind === "unknown") return [undecided(path)];
  if (read.kind === "missing") {
    return isNeeded
      ? [violation(`${path} is missing, so nothing bounds what scales out. Set it. ${allowed}`)]
      : [];
  }
  if (read.kind === "invalid") {
    return [violation(`${path} is not a number of zero or more. Give one. ${allowed}`)];
  }
  return read.value <= limit
    ? []
    : [
        violation(
          `${path} is ${read.value}: ${read.value} − ${limit} = ${read.value - limit} too many. ${allowed}`,
        ),
      ];
}
