import { type Finding, undecided, violation } from "../findings";
import { isText } from "../nested";
import { type StackSubject, stackRule } from "../rule";
import { quantity, UNKNOWN } from "../values";

const FUNCTION = "aws:lambda/function:Function";
const ALIAS = "aws:lambda/alias:Alias";
const CONFIG = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
const TARGET = "aws:appautoscaling/target:Target";

const DIMENSION = "lambda:function:ProvisionedConcurrency";

/** Its parts before the name may be left out: https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html */
const FUNCTION_NAME = /^(?:arn:[^:]*:lambda:)?(?:(?:[a-z-]+-\d:)?\d{12}:)?(?:function:)?([^:]+)/;

/** Over functions with a reserved concurrency, joined with what is provisioned for their aliases, at its highest. */
export const provisionedWithinReserved = stackRule({
  id: "lambda-provisioned-within-reserved",
  title: "Provisioned within reserved concurrency",
  sentence: "A function keeps no more environments ready than it reserves, which Lambda would refuse.",
  severity: "high",
  level: "mandatory",
  group: "lambda",
  remediation:
    "Raise reservedConcurrentExecutions of the function, or lower what is provisioned for its aliases.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
  reads: {
    [FUNCTION]: ["name", "arn", "reservedConcurrentExecutions"],
    [ALIAS]: ["functionName"],
    [CONFIG]: ["functionName", "qualifier", "provisionedConcurrentExecutions"],
    [TARGET]: ["resourceId", "scalableDimension", "maxCapacity"],
  },
  check: (resources) => {
    const of = (type: string) => resources.filter((resource) => resource.type === type);
    const aliases = of(ALIAS);
    const provisions = [
      ...of(CONFIG).map((resource) => ({ resource, property: "functionName" })),
      ...of(TARGET)
        .filter(({ properties }) => properties.scalableDimension === DIMENSION)
        .map((resource) => ({ resource, property: "resourceId" })),
    ];
    const functions = of(FUNCTION);
    const isOf = ({ resource, property }: Provision, subject: StackSubject) =>
      refersTo(resource, property, subject, aliases);

    return [
      ...functions.flatMap((subject) =>
        judge(
          subject,
          provisions.filter((entry) => isOf(entry, subject)),
        ),
      ),
      ...provisions
        .filter(({ resource, property }) => resource.properties[property] === UNKNOWN)
        .filter((entry) => !functions.some((subject) => isOf(entry, subject)))
        .map(({ resource, property }) => undecided(property, resource.urn)),
    ];
  },
});

interface Provision {
  readonly resource: StackSubject;
  readonly property: string;
}

function judge(subject: StackSubject, provisions: readonly Provision[]): readonly Finding[] {
  // -1, which `quantity` does not read, stands for no reservation.
  const reserved = quantity(subject.properties.reservedConcurrentExecutions);
  if (provisions.length === 0 || reserved.kind === "missing" || reserved.kind === "invalid") return [];
  if (reserved.kind === "unknown") return [undecided("reservedConcurrentExecutions", subject.urn)];

  const { sum, unknown } = provisioned(provisions.map(({ resource }) => resource));
  const later = unknown === 0 ? [] : [undecided(`how much ${unknown} resource(s) provision`, subject.urn)];
  if (!(sum > reserved.value)) return later;
  return [
    violation(
      `${unknown === 0 ? "" : "At least "}${sum} environments are provisioned for this function's aliases, at the most, and it reserves ${reserved.value}. Reserve ${sum} or more (reservedConcurrentExecutions), or provision ${reserved.value} or fewer.`,
      subject.urn,
    ),
    ...later,
  ];
}

/**
 * For each alias the higher of what it starts with and what it may scale to; over the aliases the sum. What belongs to an alias that is unknown
 * may belong to a known one, so it only raises the sum to itself.
 */
function provisioned(resources: readonly StackSubject[]): { readonly sum: number; readonly unknown: number } {
  const byAlias = new Map<string, number>();
  let least = 0;
  let unknown = 0;
  for (const { type, properties } of resources) {
    const isConfig = type === CONFIG;
    const count = quantity(isConfig ? properties.provisionedConcurrentExecutions : properties.maxCapacity);
    const place = isConfig ? properties.qualifier : properties.resourceId;
    if (count.kind !== "known") unknown += 1;
    else if (!isText(place)) least = Math.max(least, count.value);
    else {
      const alias = place.split(":").at(-1) ?? place;
      byAlias.set(alias, Math.max(byAlias.get(alias) ?? 0, count.value));
    }
  }
  const known = [...byAlias.values()].reduce((total, value) => total + value, 0);
  return { sum: Math.max(known, least), unknown };
}

/** By dependency, also through an alias; else by name: a function's name, its ARN, or `function:NAME:ALIAS` of a scalable target. */
function refersTo(
  resource: StackSubject,
  property: string,
  subject: StackSubject,
  aliases: readonly StackSubject[],
): boolean {
  const targets = resource.propertyDependencies[property] ?? [];
  if (targets.includes(subject.urn)) return true;

  const through = aliases.filter(({ urn }) => targets.includes(urn));
  if (through.some((alias) => refersTo(alias, "functionName", subject, []))) return true;

  const value = resource.properties[property];
  const { name, arn } = subject.properties;
  if (typeof value !== "string") return false;
  if (isText(arn) && (value === arn || value.startsWith(`${arn}:`))) return true;
  return isText(name) && FUNCTION_NAME.exec(value)?.[1] === name && !isElsewhere(resource, subject);
}

// A name may stand in several regions, and where nothing tells the region it may be the same.
function isElsewhere({ region }: StackSubject, other: StackSubject): boolean {
  return region !== undefined && other.region !== undefined && region !== other.region;
}
