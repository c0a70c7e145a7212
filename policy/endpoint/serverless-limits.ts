import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { quantity, UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { type Variant, variantsOf } from "./variants";

const STEP = 1024;
const MEMORY = { least: 1024, most: 6144 };
const CONCURRENCY = { least: 1, most: 200 };

export const serverlessLimits = resourceRule({
  id: "endpoint-serverless-limits",
  title: "Serverless variants within AWS's limits",
  sentence:
    "Every serverless variant has a memory size, a concurrency and a provisioned share that AWS takes.",
  severity: "medium",
  level: "mandatory",
  group: "endpoint",
  remediation:
    "Set memorySizeInMb to a multiple of 1024 up to 6144, maxConcurrency to 1 to 200, and provisionedConcurrency to no more than that.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html",
  reads: configurationReads("productionVariants", "shadowProductionVariants"),
  check: ({ properties }) =>
    variantsOf(properties, "productionVariants", "shadowProductionVariants").flatMap(judge),
});

function judge({ path, value, kind }: Variant): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (kind === "instances") return [];
  const base = `${path}.serverlessConfig`;
  if (kind === "unknown") return [undecided(base)];

  const type = at(value, "instanceType");
  const memory = whole(base, "memorySizeInMb", value, MEMORY, true);
  const concurrency = whole(base, "maxConcurrency", value, CONCURRENCY, true);
  const most = typeof concurrency === "number" ? concurrency : CONCURRENCY.most;
  const provisioned = whole(base, "provisionedConcurrency", value, { least: 1, most }, false);
  return [
    ...(typeof memory === "number" && memory % STEP !== 0
      ? [
          violation(
            `${base}.memorySizeInMb is ${memory}; it must be a multiple of ${STEP}. Choose the next one.`,
          ),
        ]
      : []),
    ...[memory, concurrency, provisioned].flatMap((judged) => (typeof judged === "object" ? [judged] : [])),
    ...(type === undefined
      ? []
      : [
          violation(
            `${path} has both serverlessConfig and instanceType. Leave one out: a serverless variant has no instances.`,
          ),
        ]),
  ];
}

function whole(
  base: string,
  name: string,
  variant: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  required: boolean,
): number | Finding | undefined {
  const value = at(variant, `serverlessConfig.${name}`);
  const number = quantity(value);
  if (number.kind === "unknown") return undecided(`${base}.${name}`);
  if (number.kind === "missing" && !required) return undefined;
  if (
    number.kind === "known" &&
    Number.isInteger(number.value) &&
    number.value >= least &&
    number.value <= most
  ) {
    return number.value;
  }
  return violation(
    `${base}.${name} is ${shown(value)}; allowed are whole numbers from ${least} to ${most}. Set it within them.`,
  );
}
