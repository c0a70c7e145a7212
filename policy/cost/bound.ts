import type { CostParts, Gap } from "../catalog/estimate";
import { USES } from "../catalog/instance-types";
import { advisory, type Finding, undecided, violation } from "../findings";
import { alternatives, usd } from "./alternatives";
import type { UnpricedMode } from "./pricing";

/** The largest amount that something can cost, and how it was counted. */
export interface Bound extends Pick<CostParts, "gaps" | "instanceHours"> {
  /** As a sentence begins, such as `This training job`. */
  readonly subject: string;
  readonly urn?: string;
  readonly usd: number;
  /** Such as `a month`. */
  readonly per: string;
  /** Each with its factors. */
  readonly arithmetic: readonly string[];
}

export interface Ceiling {
  readonly usd: number;
  readonly region: string;
  readonly unpriced: UnpricedMode;
  /** Whether a missing rate of something else than instances is refused too, under `deny`. */
  readonly refusesMissingRates: boolean;
  /** What to do beside choosing another type, such as `shorten the run`. */
  readonly lever: string;
  /** Where the ceiling is set: `jobUsd` and the rule's id. */
  readonly setting: string;
  readonly rule: string;
}

const MENTIONED = 8;

/**
 * What is told about a bound and its ceiling. Above it: a violation, also where the bound is only a lower one. Within it: what cannot be
 * counted is undecided while only a deployment will tell, refused where it is wrong or without a price, and mentioned otherwise.
 */
export function hold(bound: Bound, ceiling: Ceiling): readonly Finding[] {
  const of = (...kinds: readonly Gap["kind"][]) => bound.gaps.filter(({ kind }) => kinds.includes(kind));
  const unknown = unique(of("unknown"));
  const refused = [
    ...of("unusable"),
    ...(ceiling.unpriced === "allow" ? [] : of("unpriced")),
    ...(ceiling.unpriced === "deny" && ceiling.refusesMissingRates ? of("rate") : []),
  ];
  const mentioned = unique(
    of("unpriced", "rate", "by-use", "elsewhere").filter((gap) => !refused.includes(gap)),
  );
  // Not `cost > ceiling`: that is false for NaN, which must not pass.
  const isWithin = bound.usd <= ceiling.usd;
  return [
    ...(isWithin ? [] : [violation(tooMuch(bound, ceiling, unknown.length), bound.urn)]),
    ...unique(refused).map((what) => violation(notCounted(bound, ceiling, what), bound.urn)),
    ...(unknown.length > 0 && isWithin ? [undecided(openPart(bound, ceiling, unknown), bound.urn)] : []),
    ...(mentioned.length > 0 && refused.length === 0
      ? [
          advisory(
            `${bound.subject} costs at least ${usd(bound.usd)} USD ${bound.per} of the ${usd(ceiling.usd)} allowed; not in it, since it has no price here: ${few(mentioned)}.`,
            bound.urn,
          ),
        ]
      : []),
  ];
}

function tooMuch(bound: Bound, ceiling: Ceiling, unknown: number): string {
  const counted = bound.arithmetic.length === 0 ? "" : ` Counted: ${bound.arithmetic.join("; ")}.`;
  const isLeast = unknown > 0 ? "at least " : "up to ";
  const more =
    unknown > 0
      ? ` ${unknown} ${unknown === 1 ? "value is" : "values are"} unknown until deployment and counted at the least.`
      : "";
  const over = bound.usd - ceiling.usd;
  // Below a cent, cents would show no difference.
  const digits = over < 0.01 ? 1e6 : 100;
  const shown = (amount: number) => String(Math.round(amount * digits) / digits);
  const [cost, limit] = [shown(bound.usd), shown(ceiling.usd)];
  return `${bound.subject} costs ${isLeast}${cost} USD ${bound.per}; the ceiling is ${limit}: ${cost} − ${limit} = ${shown(over)} too much.${counted}${more} ${wayOut(bound, ceiling)}`;
}

function notCounted(bound: Bound, ceiling: Ceiling, what: string): string {
  return `${bound.subject} cannot be held against the ceiling of ${usd(ceiling.usd)} USD ${bound.per}: ${what}. ${wayOut(bound, ceiling)}`;
}

function openPart(bound: Bound, ceiling: Ceiling, unknown: readonly string[]): string {
  const number = unknown.length === 1 ? "1 value" : `${unknown.length} values`;
  const least = `at least ${usd(bound.usd)} USD ${bound.per} of the ${usd(ceiling.usd)} allowed`;
  return `what ${bound.subject.charAt(0).toLowerCase()}${bound.subject.slice(1)} costs (${least}; ${number} unknown: ${few(unknown)})`;
}

/** With every instance of a use replaced by another type, the rest staying as it is. */
function wayOut(bound: Bound, ceiling: Ceiling): string {
  const { lever, setting, rule, region, unpriced } = ceiling;
  const types = USES.flatMap((use) => {
    const hours = bound.instanceHours.filter((counted) => counted.use === use);
    if (hours.length === 0) return [];
    const all = hours.reduce((sum, counted) => sum + counted.hours, 0);
    const rest = bound.usd - hours.reduce((sum, counted) => sum + counted.usd * counted.hours, 0);
    const costAt = (hourlyUsd: number) => Math.max(0, rest) + hourlyUsd * all;
    return [
      `Cheapest for ${use}, in USD ${bound.per}: ${alternatives({ use, region, unpriced, costAt, ceiling: ceiling.usd })}. `,
    ];
  });
  const choose = types.length === 0 ? "" : "Choose one of them, ";
  const what = choose === "" ? lever.charAt(0).toUpperCase() + lever.slice(1) : lever;
  return `${types.join("")}${choose}${what}, or change ceilings.${setting} (in the pack's own configuration: ${setting} of ${rule}).`;
}

function few(texts: readonly string[]): string {
  const more = texts.length - MENTIONED;
  return `${texts.slice(0, MENTIONED).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function unique(gaps: readonly Gap[]): readonly string[] {
  return [...new Set(gaps.map(({ what }) => what))];
}
