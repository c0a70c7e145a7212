import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import {
  type ConfigurablePolicy,
  effectiveConfig,
  enforcementLevels,
  type PolicyPackConfig,
} from "../../../plan/policy-config";
import { exempt, isDay } from "../../../policy/exemptions";
import { CommandError } from "../exit-status";
import { type PackPolicies, packFromSources } from "./pack-policies";

export interface ConfigCheck {
  /** What makes the configuration not hold as meant. */
  readonly errors: readonly string[];
  /** Exemptions whose last day is over: the pack reports what they covered as violations again. */
  readonly ended: readonly string[];
  /** What holds, and is likely not meant. */
  readonly warnings: readonly string[];
}

/** An exemption that ends within so many days is told beforehand. */
const noticeDays = 14;

/**
 * Holds a configuration of sagemaker-guard against its rules and tells every problem at once. The engine lets names that the pack
 * does not have pass, and settings that a rule does not have. Never throws.
 *
 * @param today `YYYY-MM-DD`, by which exemptions end.
 */
export function checkPolicyConfig(
  config: JsonValue,
  today: string,
  { policies, problemsOf = () => [] }: PackPolicies = packFromSources(),
): ConfigCheck {
  if (!isJsonObject(config)) {
    return {
      errors: ["A policy configuration is one JSON object of policy names, such as {}."],
      ended: [],
      warnings: [],
    };
  }
  const { problems } = effectiveConfig(policies, {}, config as PolicyPackConfig);
  const told = new Set(problems.map((problem) => problem.split(":", 1)[0]));
  return {
    errors: [
      ...problems,
      ...topLevel(config),
      ...calendarProblems(config),
      // Whatever else the rule's own reading of its settings refuses.
      ...policies
        .filter(({ name }) => !told.has(name))
        .flatMap(({ name }) => {
          const own = Object.hasOwn(config, name) ? config[name] : undefined;
          return isJsonObject(own) ? readProblems(name, problemsOf(name, own)) : [];
        }),
    ],
    ended: exemptionsOf(config)
      .filter(({ until }) => until < today)
      .map(
        ({ rule, resource, until }) =>
          `${rule}: the exemption of ${resource} ended on ${until}; mend the resource, or renew it with a reason`,
      ),
    warnings: warningsOf(config, policies, today),
  };
}

/**
 * The configuration itself, where it is sound. An exemption that has ended is left to the pack.
 * @throws CommandError with every problem.
 */
export function requireSound(
  config: PolicyPackConfig,
  today: string,
  pack: PackPolicies = packFromSources(),
): PolicyPackConfig {
  const { errors } = checkPolicyConfig(config as JsonObject, today, pack);
  if (errors.length === 0) return config;
  throw new CommandError(
    ["The configuration of the policy pack is wrong:", ...errors.map((error) => `  - ${error}`)].join("\n"),
  );
}

function topLevel({ all, environments }: JsonObject): string[] {
  return [
    ...(isJsonObject(all)
      ? Object.keys(all)
          .filter((key) => key !== "enforcementLevel")
          .map((key) => `all: "${key}" has no effect here; only a level applies to all policies`)
      : []),
    ...(environments === undefined ||
    (Array.isArray(environments) && environments.every((name) => typeof name === "string"))
      ? []
      : ['environments: must be a list of names of ESC environments, such as ["team/policies"]']),
  ];
}

/** A schema can ask for the form of a day, not for a day that the calendar has. */
function calendarProblems(config: JsonObject): string[] {
  return Object.entries(config).flatMap(([rule, own]) => {
    const list = isJsonObject(own) && Array.isArray(own.exempt) ? own.exempt : [];
    return list.flatMap((entry, index) => {
      const until = isJsonObject(entry) ? entry.until : undefined;
      return typeof until !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(until) || isDay(until)
        ? []
        : [`${rule}: "exempt[${index}].until" must be a day that the calendar has, got "${until}"`];
    });
  });
}

function readProblems(rule: string, problems: readonly string[]): string[] {
  return problems
    .filter((problem) => !/^exempt\[\d+\] has no until/.test(problem))
    .map((problem) => `${rule}: ${problem}`);
}

function warningsOf(
  config: JsonObject,
  policies: readonly ConfigurablePolicy[],
  today: string,
): readonly string[] {
  const { config: effective } = effectiveConfig(policies, {}, config as PolicyPackConfig);
  const soon = new Date(Date.parse(`${today}T00:00:00Z`) + noticeDays * 86_400_000)
    .toISOString()
    .slice(0, 10);
  return [
    ...policies.flatMap(({ name }) => {
      const own = Object.hasOwn(config, name) ? config[name] : undefined;
      const level = effective.get(name)?.level ?? "";
      if (level === "remediate") return [`${name}: it changes no resource, so remediate acts as mandatory`];
      if (!isJsonObject(own) || own.enforcementLevel !== undefined || level === "mandatory") return [];
      return [
        `${name}: has settings and no enforcementLevel, so it stays ${level} and blocks nothing; ` +
          `write one of ${enforcementLevels.filter((known) => known !== "remediate").join(", ")}`,
      ];
    }),
    ...exemptionsOf(config).flatMap(({ rule, resource, until }) => [
      ...(/^\*+$/.test(resource) ? [`${rule}: an exemption of ${resource} covers every resource`] : []),
      ...(until >= today && until <= soon ? [`${rule}: the exemption of ${resource} ends on ${until}`] : []),
    ]),
  ];
}

function exemptionsOf(config: JsonObject) {
  return Object.entries(config).flatMap(([rule, own]) =>
    isJsonObject(own) && own.exempt !== undefined
      ? exempt.read(own.exempt, []).value.map((exemption) => ({ rule, ...exemption }))
      : [],
  );
}
