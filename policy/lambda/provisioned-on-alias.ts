import { advisory, undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";

const REMEDY =
  "Publish a version (publish: true), point an aws.lambda.Alias at it, and set qualifier to the alias's name.";

/** Over provisioned concurrency. */
export const provisionedOnAlias = resourceRule({
  id: "lambda-provisioned-on-alias",
  title: "Provisioned concurrency on an alias",
  sentence: "Provisioned concurrency belongs to an alias, never to $LATEST, for which Lambda refuses it.",
  severity: "high",
  level: "mandatory",
  group: "lambda",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
  reads: { "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ["qualifier"] },
  check: ({ properties: { qualifier } }) => {
    if (qualifier === UNKNOWN) return [undecided("qualifier")];
    if (!isText(qualifier)) return [violation(`qualifier names no alias. ${REMEDY}`)];
    // No alias has a dollar sign in its name: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
    if (qualifier.includes("$"))
      return [violation(`qualifier is ${qualifier.trim()}, for which Lambda refuses it. ${REMEDY}`)];
    if (!/^\d+$/.test(qualifier.trim())) return [];
    return [
      advisory(
        `qualifier is the version ${qualifier.trim()}, so each publication takes the ready environments down before new ones are up. ${REMEDY}`,
      ),
    ];
  },
});
