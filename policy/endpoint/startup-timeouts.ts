import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { quantity, UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { type Variant, variantsOf } from "./variants";

const NAMES = ["containerStartupHealthCheckTimeoutInSeconds", "modelDataDownloadTimeoutInSeconds"];
const BOUNDS = { least: 60, most: 3600 };

export const startupTimeouts = resourceRule({
  id: "endpoint-startup-timeouts",
  title: "Start-up limits that somebody chose",
  sentence:
    "Every variant on instances says how long its download and its container's start may take, instead of failing late or early.",
  severity: "low",
  level: "advisory",
  group: "endpoint",
  remediation: `Set ${NAMES.join(" and ")} to 60 to 3600 s, by the model's size.`,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
  reads: configurationReads("productionVariants", "shadowProductionVariants"),
  check: ({ properties }) =>
    variantsOf(properties, "productionVariants", "shadowProductionVariants").flatMap(judge),
});

function judge({ path, value, kind }: Variant): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (kind === "serverless") return [];
  return NAMES.flatMap((name) => {
    const given = at(value, name);
    const number = quantity(given);
    if (number.kind === "unknown" || kind === "unknown") return [undecided(`${path}.${name}`)];
    if (number.kind === "known" && number.value >= BOUNDS.least && number.value <= BOUNDS.most) return [];
    return [
      violation(
        `${path}.${name} is ${shown(given)}; allowed are ${BOUNDS.least} to ${BOUNDS.most} s. Set it by the model's size.`,
      ),
    ];
  });
}
