import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { quantity } from "../values";

const BASE = "config.resourceLimits";

/** Whether the numbers of trials, in all and at a time, fit each other. */
export function limitFindings(properties: unknown): readonly Finding[] {
  const all = whole(properties, "maxNumberOfTrainingJobs");
  const parallel = whole(properties, "maxParallelTrainingJobs");
  const findings = [all, parallel].flatMap((judged) => (typeof judged === "object" ? [judged] : []));
  if (typeof all !== "number" || typeof parallel !== "number" || parallel <= all) return findings;
  return [
    violation(
      `${BASE}.maxParallelTrainingJobs is ${parallel}, more than the ${all} trials in all. Lower it: fewer at a time also learn more from each other.`,
    ),
  ];
}

function whole(properties: unknown, name: string): number | Finding {
  const value = at(properties, `${BASE}.${name}`);
  const number = quantity(value);
  if (number.kind === "unknown") return undecided(`${BASE}.${name}`);
  if (number.kind === "known" && Number.isInteger(number.value) && number.value >= 1) return number.value;
  return violation(`${BASE}.${name} is ${shown(value)}; it must be a whole number of at least 1. Set it.`);
}
