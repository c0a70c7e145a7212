import { entriesOf } from "../entries";
import { at } from "../nested";
import type { Reads } from "../rule";
import { type Properties, quantity, UNKNOWN } from "../values";
import type { InstanceAt } from "../volume-key";

export const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
export const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

/** The properties that a training job has itself, and a tuning job in each of its definitions, under the same names. */
export function jobReads(...names: readonly string[]): Reads {
  return { [TRAINING]: names, [TUNING]: ["trainingJobDefinition", "trainingJobDefinitions"] };
}

export interface Job {
  /** Before a property's name in messages: empty, or `trainingJobDefinition.`. */
  readonly prefix: string;
  /** Of the job, or of the definition of a tuning job's trials; `UNKNOWN` where that is. */
  readonly properties: unknown;
  /** What the property `prefix` belongs to is called, where the whole is unknown. */
  readonly path: string;
  readonly use: "training" | "tuning";
}

export function jobsOf(type: string, properties: Properties): readonly Job[] {
  if (type === TRAINING) return [{ prefix: "", path: "the job", properties, use: "training" }];

  const single =
    properties.trainingJobDefinition === undefined || properties.trainingJobDefinition === null
      ? []
      : [{ path: "trainingJobDefinition", value: properties.trainingJobDefinition }];
  return [...single, ...entriesOf(properties.trainingJobDefinitions, "trainingJobDefinitions")].map(
    ({ path, value }) => ({ prefix: `${path}.`, path, properties: value, use: "tuning" }),
  );
}

/** The part of a job that says on what it runs: a definition of trials may have it under another name. */
export function resourcesOf({
  prefix,
  properties,
}: Job): readonly { readonly path: string; readonly value: unknown }[] {
  return ["resourceConfig", "hyperParameterTuningResourceConfig"]
    .map((name) => ({ path: `${prefix}${name}`, value: at(properties, name) }))
    .filter(({ value }) => value !== undefined);
}

/** Where a resource configuration names instance types, or should. */
export function instancesOf({
  path,
  value,
}: {
  readonly path: string;
  readonly value: unknown;
}): readonly InstanceAt[] {
  if (value === UNKNOWN) return [{ path, instanceType: UNKNOWN }];
  const listed = ["instanceGroups", "instanceConfigs"].flatMap((name) =>
    entriesOf(at(value, name), `${path}.${name}`).map((entry) => ({
      path: entry.value === UNKNOWN ? entry.path : `${entry.path}.instanceType`,
      instanceType: at(entry.value, "instanceType"),
    })),
  );
  const own = at(value, "instanceType");
  return own === undefined && listed.length > 0
    ? listed
    : [{ path: `${path}.instanceType`, instanceType: own }, ...listed];
}

/** Instances of one job. `instanceConfigs` are alternatives to each other, `instanceGroups` run together. */
export function instanceCount(value: unknown): number | "unknown" {
  if (value === UNKNOWN) return "unknown";
  const groups = entriesOf(at(value, "instanceGroups"), "").map((group) => countOf(group.value));
  const alternatives = entriesOf(at(value, "instanceConfigs"), "").map((entry) => countOf(entry.value));
  const own = countOf(value);
  if ([own, ...groups, ...alternatives].includes("unknown")) return "unknown";
  const known = (counts: readonly (number | "unknown")[]) => counts.map(Number);
  const together = known(groups).reduce((sum, count) => sum + count, 0);
  return Math.max(Number(own), together, ...known(alternatives));
}

function countOf(holder: unknown): number | "unknown" {
  const number = quantity(at(holder, "instanceCount"));
  if (number.kind === "unknown") return "unknown";
  return number.kind === "known" ? number.value : 0;
}
