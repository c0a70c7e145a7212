import { costInputs, costParts } from "../catalog/estimate";
import { stackRule } from "../rule";
import { amount } from "../settings";
import { hold } from "./bound";
import { optionsFor, toCostResource, worstOf } from "./parts";
import { pricing } from "./pricing";

const ID = "cost-stack-ceiling";

// More would hide what matters; the plan of the program shows all.
const SHOWN = 5;

/** The estimate that a plan shows, summed up: everything at its largest size around the clock, every job once, one deployment each. */
export const stackCeiling = stackRule({
  id: ID,
  title: "The stack within its monthly ceiling",
  sentence: "The stack cannot cost more in its worst month than its ceiling.",
  severity: "high",
  level: "mandatory",
  group: "cost",
  remediation: "Make the dearest parts that the message names smaller, or raise ceilings.monthlyUsd.",
  url: "https://aws.amazon.com/sagemaker/pricing/",
  reads: costInputs,
  fields: {
    ...pricing,
    monthlyUsd: amount(2500, "USD per month of everything in the stack at its largest."),
  },
  check: (resources, settings) => {
    const parts = costParts(resources.map(toCostResource), optionsFor(settings));
    const { usd } = worstOf(parts);
    const dearest = [...parts.lines].sort((a, b) => b.worstMonthly - a.worstMonthly).slice(0, SHOWN);
    const named = worstOf({ ...parts, lines: dearest });
    const others = Math.round((usd - named.usd) * 100) / 100;
    return hold(
      {
        subject: "This stack",
        per: "in its worst month",
        usd,
        arithmetic: [
          ...named.arithmetic,
          ...(parts.lines.length > SHOWN
            ? [`${parts.lines.length - SHOWN} other lines, together ${others}`]
            : []),
        ],
        gaps: parts.gaps.map((gap) => ({ ...gap, what: `${gap.urn.split("::").at(-1)}: ${gap.what}` })),
        instanceHours: parts.instanceHours,
      },
      {
        usd: settings.monthlyUsd,
        region: settings.region,
        unpriced: settings.unpriced,
        refusesMissingRates: false,
        lever: "make the dearest parts smaller",
        setting: "monthlyUsd",
        rule: ID,
      },
    );
  },
});
