import { tuningObjective } from "../../../policy/training/tuning-objective";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";
const METRICS = ["train:loss", "validation:loss", "validation:accuracy", "test:accuracy", "score"];

function trials(changes: object = {}, names: readonly string[] = METRICS) {
  return {
    algorithmSpecification: {
      trainingImage: "123456789012.dkr.ecr.us-east-1.amazonaws.com/breeds:1.4.0",
      metricDefinitions: names.map((name) => ({ name, regex: `${name}=(.*)` })),
      ...changes,
    },
  };
}

function search(metricName: unknown, type: unknown, trainingJobDefinition: object = trials()) {
  return { config: { objective: { metricName, type } }, trainingJobDefinition };
}

describeRuleWithUnknowns(tuningObjective, {
  pass: [
    { title: "a validation loss", type: TUNING, props: search("validation:loss", "Minimize") },
    { title: "a validation accuracy", type: TUNING, props: search("validation:accuracy", "Maximize") },
    { title: "a metric whose name tells no direction", type: TUNING, props: search("score", "Minimize") },
    {
      title: "an algorithm of AWS, which has metrics of its own",
      type: TUNING,
      props: search(
        "validation:auc",
        "Maximize",
        trials({
          trainingImage: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
          metricDefinitions: undefined,
        }),
      ),
    },
    {
      title: "an algorithm by its name",
      type: TUNING,
      props: search("validation:auc", "Maximize", { algorithmSpecification: { algorithmName: "breeds" } }),
    },
    {
      title: "objectives of two kinds of trials",
      type: TUNING,
      props: {
        config: {},
        trainingJobDefinitions: [
          { ...trials(), tuningObjective: { metricName: "validation:loss", type: "Minimize" } },
          { ...trials(), tuningObjective: { metricName: "validation:accuracy", type: "Maximize" } },
        ],
      },
    },
    {
      title: "a training metric that the settings allow",
      type: TUNING,
      props: search("train:loss", "Minimize"),
      settings: { misleading: ["^test:"] },
    },
  ],
  violate: [
    {
      title: "a training metric",
      type: TUNING,
      props: search("train:loss", "Minimize"),
      says: /config\.objective\.metricName is "train:loss", no metric of the validation set.* Name a validation metric/,
    },
    {
      title: "a test metric",
      type: TUNING,
      props: search("test:accuracy", "Maximize"),
      says: /"test:accuracy", no metric of/,
    },
    {
      title: "a test metric in capitals",
      type: TUNING,
      props: search("Test Loss", "Minimize", trials({}, ["Test Loss"])),
      says: /"Test Loss", no metric of/,
    },
    {
      title: "a metric that no trial writes",
      type: TUNING,
      props: search("validation:auc", "Maximize"),
      says: /metricDefinitions has no "validation:auc" \(it has train:loss, validation:loss, .*\), so no trial would report the objective/,
    },
    {
      title: "trials that define no metric",
      type: TUNING,
      props: search("validation:auc", "Maximize", trials({}, [])),
      says: /\(it has none\)/,
    },
    {
      title: "a loss that is maximised",
      type: TUNING,
      props: search("validation:loss", "Maximize"),
      says: /config\.objective\.type is "Maximize" for "validation:loss", so the worst trial would win\. Set it to Minimize/,
    },
    {
      title: "an accuracy that is minimised",
      type: TUNING,
      props: search("validation:accuracy", "Minimize"),
      says: /Set it to Maximize/,
    },
    {
      title: "a direction that AWS does not know",
      type: TUNING,
      props: search("validation:loss", "minimize"),
      says: /type is "minimize"; allowed are Maximize, Minimize/,
    },
    {
      title: "no objective",
      type: TUNING,
      props: { config: {}, trainingJobDefinition: trials() },
      says: /config\.objective\.metricName names no metric/,
    },
    {
      title: "the second kind of trials",
      type: TUNING,
      props: {
        config: {},
        trainingJobDefinitions: [
          { ...trials(), tuningObjective: { metricName: "validation:loss", type: "Minimize" } },
          { ...trials(), tuningObjective: { metricName: "train:loss", type: "Minimize" } },
        ],
      },
      says: /trainingJobDefinitions\[1\]\.tuningObjective\.metricName is "train:loss"/,
    },
  ],
  decidedWithout: ["trainingJobDefinition"],
});
