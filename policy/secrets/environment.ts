import { type Entry, entriesOf } from "../entries";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { type Properties, UNKNOWN } from "../values";
import { ignoredNames, mapFindings, SECRET_REMEDY } from "./findings-of";

type Reader = (properties: Properties) => readonly Entry[];

const PLACES: Readonly<Record<string, { readonly names: readonly string[]; readonly read: Reader }>> = {
  "aws:lambda/function:Function": {
    names: ["environment"],
    read: ({ environment }) => [{ path: "environment.variables", value: at(environment, "variables") }],
  },
  "aws:sagemaker/model:Model": {
    names: ["primaryContainer", "containers"],
    read: ({ primaryContainer, containers }) => [
      { path: "primaryContainer.environment", value: at(primaryContainer, "environment") },
      ...inside(containers, "containers", "environment"),
    ],
  },
  "aws:sagemaker/trainingJob:TrainingJob": {
    names: ["environment"],
    read: ({ environment }) => [{ path: "environment", value: environment }],
  },
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": {
    names: ["trainingJobDefinition", "trainingJobDefinitions"],
    read: ({ trainingJobDefinition, trainingJobDefinitions }) => [
      { path: "trainingJobDefinition.environment", value: at(trainingJobDefinition, "environment") },
      ...inside(trainingJobDefinitions, "trainingJobDefinitions", "environment"),
    ],
  },
};

function inside(list: unknown, path: string, name: string): readonly Entry[] {
  return entriesOf(list, path).map((entry) => ({
    path: `${entry.path}.${name}`,
    value: entry.value === UNKNOWN ? UNKNOWN : at(entry.value, name),
  }));
}

/** Over functions, models and jobs. */
export const environment = resourceRule({
  id: "secrets-environment",
  title: "No secrets in environments",
  sentence: "No environment variable of a function, a model or a job holds a secret.",
  severity: "high",
  level: "mandatory",
  group: "secrets",
  remediation: SECRET_REMEDY,
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
  fields: ignoredNames,
  reads: Object.fromEntries(Object.entries(PLACES).map(([type, { names }]) => [type, names])),
  check: ({ type, properties }, settings) =>
    (PLACES[type]?.read(properties) ?? []).flatMap(({ path, value }) =>
      mapFindings(value, path, settings.ignoredNames),
    ),
});
