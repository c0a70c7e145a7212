import { type Entry, entriesOf } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { firstMatch, patterns } from "../patterns";
import { resourceRule } from "../rule";
import { asObject, UNKNOWN } from "../values";
import { jobsOf, TUNING } from "./jobs";
import { limitFindings } from "./tuning-limits";
import { numericFindings } from "./tuning-range";

export const tuningRanges = resourceRule({
  id: "training-tuning-ranges",
  title: "Searches that can find something",
  sentence:
    "Every tuning job searches ranges that are not empty, on a scale that fits them, within a number of trials that AWS takes.",
  severity: "medium",
  level: "mandatory",
  group: "training",
  remediation:
    "Give each range a smaller minimum than maximum, learning rates the scaling Logarithmic, and no more parallel trials than trials.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html",
  reads: { [TUNING]: ["config", "autotune", "trainingJobDefinition", "trainingJobDefinitions"] },
  fields: {
    logarithmic: patterns(
      ["(?:^|[_-])lr$", "^lr(?:[_-]|$)", "learning[_-]?rate", "^eta$", "weight[_-]?decay"],
      "Hyperparameters that need a logarithmic scale where their range spans a factor of 100 or more.",
    ),
  },
  check: ({ type, properties }, { logarithmic }) => {
    const jobs = jobsOf(type, properties);
    const holders = [
      { path: "config.parameterRanges", value: at(properties, "config.parameterRanges") },
      ...jobs.map((job) => ({
        path: `${job.prefix}hyperParameterRanges`,
        value: at(job.properties, "hyperParameterRanges"),
      })),
    ].filter(({ value }) => value !== undefined);

    const ranges = holders.flatMap((holder) => rangesIn(holder));
    const fixed = jobs.flatMap(({ properties: job }) =>
      Object.keys(asObject(at(job, "staticHyperParameters")) ?? {}),
    );
    return [
      ...limitFindings(properties),
      ...(ranges.length === 0 && at(properties, "autotune") === undefined
        ? [
            violation(
              "config.parameterRanges has no range, so all trials would be the same. Give it at least one.",
            ),
          ]
        : []),
      ...ranges.flatMap((range) => judge(range, logarithmic, fixed)),
      ...jobs
        .filter(({ properties: job }) => job !== UNKNOWN && at(job, "staticHyperParameters") === UNKNOWN)
        .map(({ prefix }) => undecided(`${prefix}staticHyperParameters`)),
    ];
  },
});

const KINDS = {
  continuousParameterRanges: "continuous",
  integerParameterRanges: "integer",
  categoricalParameterRanges: "categorical",
  autoParameters: "auto",
} as const;

type Range = Entry & { readonly kind: (typeof KINDS)[keyof typeof KINDS] | "unknown" };

function rangesIn({ path, value }: Entry): readonly Range[] {
  if (value === UNKNOWN) return [{ path, value, kind: "unknown" }];
  return Object.entries(KINDS).flatMap(([list, kind]) =>
    entriesOf(at(value, list), `${path}.${list}`).map((entry) => ({ ...entry, kind })),
  );
}

function judge(
  { path, value, kind }: Range,
  logarithmic: readonly string[],
  fixed: readonly string[],
): readonly Finding[] {
  if (value === UNKNOWN || kind === "unknown") return [undecided(path)];
  const name = at(value, "name");
  const both =
    typeof name === "string" && fixed.includes(name)
      ? [
          violation(
            `${path} searches ${shown(name)}, which staticHyperParameters fixes too; AWS refuses that. Leave one out.`,
          ),
        ]
      : [];
  if (kind === "auto") return both;
  if (kind === "categorical") return [...both, ...choices(path, at(value, "values"))];
  const wide = typeof name === "string" && firstMatch(logarithmic, name) !== undefined;
  return [...both, ...numericFindings({ path, range: value, integer: kind === "integer", wide })];
}

function choices(path: string, values: unknown): readonly Finding[] {
  if (values === UNKNOWN) return [undecided(`${path}.values`)];
  const known = Array.isArray(values) ? values : [];
  const twice = known.find((value, index) => value !== UNKNOWN && known.indexOf(value) !== index);
  if (known.length === 0) return [violation(`${path}.values is empty. Give it the values to try.`)];
  return twice === undefined
    ? []
    : [
        violation(
          `${path}.values has ${shown(twice)} twice, which the search takes for two values. Leave one out.`,
        ),
      ];
}
