import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { choice, count } from "../settings";
import { quantity, UNKNOWN } from "../values";
import { endpointReads } from "./reads";

const ALARMS = "deploymentConfig.autoRollbackConfiguration.alarms";
const WAITS = [
  "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.waitIntervalInSeconds",
  "deploymentConfig.rollingUpdatePolicy.waitIntervalInSeconds",
];
const MAXIMUM = 10;
const REMEDY =
  "Name 1 to 10 alarms on errors and latency there when the endpoint is made: adding them later replaces it.";

export const rolloutAlarms = resourceRule({
  id: "endpoint-rollout-alarms",
  title: "Rollouts that alarms can take back",
  sentence: "Every rollout watches alarms for long enough that a bad model is taken back by itself.",
  severity: "high",
  level: "production",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html",
  reads: endpointReads("deploymentConfig"),
  fields: {
    bakeSeconds: count(
      60,
      "Seconds that alarms are watched after each step, at least. Alarms look at periods of a minute or more.",
      { minimum: 0, maximum: 3600 },
    ),
    withoutConfiguration: choice(
      ["allow", "deny"],
      "allow",
      'Endpoints without deploymentConfig, which change all at once and unwatched. "deny" refuses them; serverless endpoints, which take none, then need an exemption.',
    ),
  },
  check: ({ properties }, { bakeSeconds, withoutConfiguration }) => {
    const config = properties.deploymentConfig;
    if (config === UNKNOWN) return [undecided("deploymentConfig")];
    if (config === undefined || config === null) {
      return withoutConfiguration === "allow"
        ? []
        : [violation(`deploymentConfig is not set, so a new model gets all traffic unwatched. ${REMEDY}`)];
    }
    return [...alarms(properties), ...WAITS.flatMap((path) => bake(path, at(properties, path), bakeSeconds))];
  },
});

function alarms(properties: object): readonly Finding[] {
  const value = at(properties, ALARMS);
  if (value === UNKNOWN) return [undecided(ALARMS)];
  const names = Array.isArray(value)
    ? value.map((alarm) => (alarm === UNKNOWN ? alarm : at(alarm, "alarmName")))
    : [];
  if (names.length === 0) {
    return [violation(`${ALARMS} names no alarm, so nothing takes a bad rollout back. ${REMEDY}`)];
  }
  if (names.length > MAXIMUM) {
    return [violation(`${ALARMS} names ${names.length} alarms; AWS takes ${MAXIMUM} at most. Combine some.`)];
  }
  return names.some((name) => name !== UNKNOWN && (typeof name !== "string" || name === ""))
    ? [violation(`${ALARMS} has an entry without alarmName. ${REMEDY}`)]
    : [];
}

function bake(path: string, value: unknown, least: number): readonly Finding[] {
  const seconds = quantity(value);
  // Which of the two policies there is, and that it is whole, is for endpoint-rollout-valid.
  if (seconds.kind === "missing" || seconds.kind === "invalid") return [];
  if (seconds.kind === "unknown") return [undecided(path)];
  return seconds.value >= least
    ? []
    : [
        violation(
          `${path} is ${shown(value)}; alarms need at least ${least} s after a step to see a bad model. Raise it, or set bakeSeconds lower.`,
        ),
      ];
}
