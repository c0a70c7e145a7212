import { entriesOf } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at, isText, shown } from "../nested";
import { firstMatch, patterns } from "../patterns";
import { resourceRule } from "../rule";
import type { Settings } from "../settings";
import { UNKNOWN } from "../values";
import { type Job, jobsOf, TUNING } from "./jobs";

const TYPES = ["Maximize", "Minimize"];
const SMALL_IS_GOOD = /loss|error|rmse|mse|mae|perplexity/i;
const LARGE_IS_GOOD = /accuracy|auc|f1|f_1|recall|precision|map(?:@|$)|r2/i;

// AWS's own algorithms write metrics of their own, so their jobs define none:
// https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html
const BUILT_IN =
  /\/(?:(?:sagemaker-)?xgboost|linear-learner|image-classification|object-detection|semantic-segmentation|kmeans|knn|pca|lda|ntm|blazingtext|seq2seq|factorization-machines|forecasting-deepar|ipinsights|object2vec|randomcutforest)(?:[:@]|$)/;

const fields = {
  misleading: patterns(
    ["^train(?:ing)?(?:$|[^a-z])", "^test(?:$|[^a-z])"],
    "Metrics that no search may be steered by. By default those of the training set, which rewards learning by heart, and of the test set, which is then no test any more.",
  ),
};

export const tuningObjective = resourceRule({
  id: "training-tuning-objective",
  title: "Tuning by a validation metric that exists",
  sentence:
    "Every tuning job is steered by a metric of the validation set that its trials write, in the right direction.",
  severity: "high",
  level: "mandatory",
  group: "training",
  remediation:
    "Set objective.metricName to a validation metric, add it with its regex to metricDefinitions, and Minimize losses and Maximize scores.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-metrics-variables.html",
  reads: { [TUNING]: ["config", "trainingJobDefinition", "trainingJobDefinitions"] },
  fields,
  check: ({ type, properties }, settings) => {
    const jobs = jobsOf(type, properties);
    const shared = at(properties, "config.objective");
    const own = jobs.filter(({ properties: job }) => at(job, "tuningObjective") !== undefined);
    if (shared !== undefined || own.length === 0) {
      return objective("config.objective", shared, jobs, settings);
    }
    return jobs.flatMap((job) =>
      objective(`${job.prefix}tuningObjective`, at(job.properties, "tuningObjective"), [job], settings),
    );
  },
});

function objective(
  path: string,
  value: unknown,
  jobs: readonly Job[],
  { misleading }: Settings<typeof fields>,
): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  const name = at(value, "metricName");
  const type = at(value, "type");
  const known = TYPES.some((allowed) => allowed === type);
  const typeFindings = known
    ? []
    : type === UNKNOWN
      ? [undecided(`${path}.type`)]
      : [
          violation(
            `${path}.type is ${shown(type)}; allowed are ${TYPES.join(", ")}. Minimize losses, Maximize scores.`,
          ),
        ];

  if (name === UNKNOWN) return [undecided(`${path}.metricName`), ...typeFindings];
  if (!isText(name)) {
    return [
      violation(
        `${path}.metricName names no metric, so nothing steers the search. Name a validation metric.`,
      ),
    ];
  }
  return [
    ...typeFindings,
    ...direction(path, name, type),
    ...(firstMatch(misleading, name) === undefined
      ? []
      : [
          violation(
            `${path}.metricName is ${shown(name)}, no metric of the validation set: the search would pick what learns by heart, or use up the test. Name a validation metric.`,
          ),
        ]),
    ...jobs.flatMap((job) => defined(job, name)),
  ];
}

function direction(path: string, name: string, type: unknown): readonly Finding[] {
  const small = SMALL_IS_GOOD.test(name);
  const large = LARGE_IS_GOOD.test(name);
  // A name with a word of both, such as error_recall, says nothing.
  const wanted = small === large ? undefined : small ? "Minimize" : "Maximize";
  if (wanted === undefined || type === wanted || !TYPES.some((allowed) => allowed === type)) return [];
  return [
    violation(
      `${path}.type is ${shown(type)} for ${shown(name)}, so the worst trial would win. Set it to ${wanted}.`,
    ),
  ];
}

function defined({ prefix, path, properties }: Job, name: string): readonly Finding[] {
  const specification = `${prefix}algorithmSpecification`;
  if (properties === UNKNOWN) return [undecided(path)];
  const algorithm = at(properties, "algorithmSpecification.algorithmName");
  const image = at(properties, "algorithmSpecification.trainingImage");
  const metrics = at(properties, "algorithmSpecification.metricDefinitions");
  if (isText(algorithm) || (typeof image === "string" && BUILT_IN.test(image))) return [];

  const names = entriesOf(metrics, "").map((entry) => at(entry.value, "name"));
  if (names.includes(name)) return [];
  if (names.includes(UNKNOWN)) return [undecided(`${specification}.metricDefinitions`)];
  if (image === UNKNOWN || algorithm === UNKNOWN) return [undecided(`${specification}.trainingImage`)];
  const listed = names.filter(isText).slice(0, 10).join(", ");
  return [
    violation(
      `${specification}.metricDefinitions has no ${shown(name)} (${listed === "" ? "it has none" : `it has ${listed}`}), so no trial would report the objective, and the job would fail. Add it with its regex.`,
    ),
  ];
}
