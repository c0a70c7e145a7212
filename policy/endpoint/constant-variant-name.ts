import { type Finding, undecided, violation } from "../findings";
import { at, isText, shown } from "../nested";
import { firstMatch, patterns } from "../patterns";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { type Variant, variantsOf } from "./variants";

const REMEDY = 'Name the variant by a word that stays, such as "AllTraffic".';

/** Only the name of now is seen, so what looks like a release, a hash, a date or an instance type is taken to change. */
export const constantVariantName = resourceRule({
  id: "endpoint-constant-variant-name",
  title: "Variant names that stay",
  sentence:
    "Every production variant has a name that no release changes, so that traffic can be moved in steps and scaling stays registered.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html",
  reads: configurationReads("productionVariants"),
  fields: {
    changing: patterns(
      [
        "(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,}",
        "20\\d\\d-?[01]\\d-?[0-3]\\d",
        "\\d{9,}",
        "(?:^|-)v?\\d+(?:-\\d+){1,2}$",
        "(?:^|-)v\\d+$",
        "(?:^|-)(?:ml-)?[a-z]\\d[a-z]*-(?:\\d*x)?(?:large|medium)",
      ],
      "What names look like that change with a release: by default those with a hash, a date, a long number, a version or an instance type in them.",
    ),
  },
  check: ({ properties }, { changing }) =>
    variantsOf(properties, "productionVariants").flatMap((variant) => judge(variant, changing)),
});

function judge({ path, value }: Variant, changing: readonly string[]): readonly Finding[] {
  const name = at(value, "variantName");
  if (value === UNKNOWN) return [undecided(path)];
  if (name === UNKNOWN) return [undecided(`${path}.variantName`)];
  if (!isText(name)) {
    return [
      violation(
        `${path}.variantName is ${shown(name)}, so each configuration gets another, random one. ${REMEDY}`,
      ),
    ];
  }
  return firstMatch(changing, name) === undefined
    ? []
    : [
        violation(
          `${path}.variantName is ${shown(name)}, which looks as if it changed with a release or an instance type. ${REMEDY} If this one stays, change the setting changing.`,
        ),
      ];
}
