import { type CostParts, type CostResource, costInputs, type EstimateOptions } from "../catalog/estimate";
import type { Reads, StackSubject, Subject } from "../rule";
import type { UnpricedMode } from "./pricing";

interface Pricing {
  readonly region: string;
  readonly unpriced: UnpricedMode;
}

/** What the estimate reads of these types. */
export function readsOf(...types: readonly string[]): Reads {
  return Object.fromEntries(types.map((type) => [type, costInputs[type] ?? []]));
}

/** A resource as the estimate takes it. */
export function toCostResource(subject: Subject | StackSubject): CostResource {
  const { urn, type, name, properties, region } = subject;
  return {
    urn,
    type,
    name,
    properties: region === undefined ? properties : { ...properties, region },
    ...("parent" in subject ? { parent: subject.parent, references: subject.propertyDependencies } : {}),
  };
}

export function optionsFor({ region, unpriced }: Pricing): EstimateOptions {
  return { region, refusesEstimates: unpriced === "deny" };
}

/** The largest amount of all lines, and each line's arithmetic with its amount. */
export function worstOf({ lines, worstBases }: Pick<CostParts, "lines" | "worstBases">) {
  const sum = lines.reduce((total, { worstMonthly }) => total + worstMonthly, 0);
  return {
    usd: Math.round(sum * 1e6) / 1e6,
    arithmetic: lines
      .filter(({ worstMonthly }) => worstMonthly > 0)
      .map((line) => `${line.component} ${line.worstMonthly} = ${worstBases.get(line) ?? line.basis}`),
  };
}
