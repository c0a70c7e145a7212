import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { asObject, UNKNOWN } from "../values";
import { endpointReads } from "./reads";
import { blueGreenFindings, rollingFindings } from "./rollout";

export const rolloutValid = resourceRule({
  id: "endpoint-rollout-valid",
  title: "Rollouts that AWS takes and that can end",
  sentence:
    "Every rollout has one policy, with steps, waits and a time limit that fit each other and AWS's bounds.",
  severity: "high",
  level: "mandatory",
  group: "endpoint",
  remediation:
    "Use one of blueGreenUpdatePolicy and rollingUpdatePolicy: canary up to 50 %, linear 10 to 50 %, rolling 5 to 50 %, waits up to 3600 s, and a time limit above the sum of the waits.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html",
  reads: endpointReads("deploymentConfig"),
  check: ({ properties: { deploymentConfig } }) => {
    if (deploymentConfig === undefined || deploymentConfig === null) return [];
    if (deploymentConfig === UNKNOWN) return [undecided("deploymentConfig")];
    const config = asObject(deploymentConfig);
    if (config === undefined) return [violation("deploymentConfig is no object. Give it one update policy.")];

    const blueGreen = config.blueGreenUpdatePolicy ?? undefined;
    const rolling = config.rollingUpdatePolicy ?? undefined;
    if (isGiven(blueGreen) && isGiven(rolling)) {
      return [
        violation(
          "deploymentConfig has both blueGreenUpdatePolicy and rollingUpdatePolicy; AWS takes one. Leave one out.",
        ),
      ];
    }
    return [
      ...policy("blueGreenUpdatePolicy", blueGreen, blueGreenFindings),
      ...policy("rollingUpdatePolicy", rolling, rollingFindings),
    ];
  },
});

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== UNKNOWN;
}

function policy(
  name: string,
  value: unknown,
  judge: (path: string, value: unknown) => readonly Finding[],
): readonly Finding[] {
  const path = `deploymentConfig.${name}`;
  if (value === undefined) return [];
  return value === UNKNOWN ? [undecided(path)] : judge(path, value);
}
