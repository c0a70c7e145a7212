import { entriesOf } from "../entries";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { ignoredNames, mapFindings, SECRET_REMEDY } from "./findings-of";

const JOB = "aws:sagemaker/trainingJob:TrainingJob";

const STATIC = "staticHyperParameters";

/** Over training and tuning jobs, whose hyperparameters stay readable for as long as the job is listed. */
export const hyperparameters = resourceRule({
  id: "secrets-hyperparameters",
  title: "No secrets in hyperparameters",
  sentence: "No hyperparameter of a training or tuning job holds a secret.",
  severity: "high",
  level: "mandatory",
  group: "secrets",
  remediation: SECRET_REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
  fields: ignoredNames,
  reads: {
    [JOB]: ["hyperParameters"],
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": [
      "trainingJobDefinition",
      "trainingJobDefinitions",
    ],
  },
  check: ({ type, properties }, settings) => {
    const { hyperParameters, trainingJobDefinition, trainingJobDefinitions } = properties;
    const places =
      type === JOB
        ? [{ path: "hyperParameters", value: hyperParameters }]
        : [
            { path: `trainingJobDefinition.${STATIC}`, value: at(trainingJobDefinition, STATIC) },
            ...entriesOf(trainingJobDefinitions, "trainingJobDefinitions").map(({ path, value }) => ({
              path: `${path}.${STATIC}`,
              value: value === UNKNOWN ? UNKNOWN : at(value, STATIC),
            })),
          ];
    return places.flatMap(({ path, value }) => mapFindings(value, path, settings.ignoredNames));
  },
});
