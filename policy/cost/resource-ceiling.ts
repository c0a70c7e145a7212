import { type CostParts, type CostResource, costParts, type EstimateOptions } from "../catalog/estimate";
import { type Rule, resourceRule } from "../rule";
import { amount } from "../settings";
import { hold } from "./bound";
import { optionsFor, readsOf, toCostResource, worstOf } from "./parts";
import { pricing } from "./pricing";

interface Spec {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly remediation: string;
  readonly url: string;
  readonly types: readonly string[];
  /** Name of the setting, and of the ceiling in a stack's file. */
  readonly setting: "jobUsd" | "monthlyUsd";
  readonly defaultUsd: number;
  readonly description: string;
  /** As a sentence begins, such as `This training job`. */
  readonly subject: string;
  /** Such as `a month`. */
  readonly per: string;
  /** What to do beside choosing another type. */
  readonly lever: string;
  /** @default false */
  readonly refusesMissingRates?: boolean;
  /** @default - the stack's estimate of the resource alone */
  readonly parts?: (resource: CostResource, options: EstimateOptions) => CostParts;
}

/** A rule that holds the largest amount of one resource by itself against a ceiling. */
export function resourceCeiling(spec: Spec): Rule {
  const { id, title, sentence, remediation, url, setting, subject, per, lever } = spec;
  const partsOf = spec.parts ?? ((resource, options) => costParts([resource], options));

  return resourceRule({
    id,
    title,
    sentence,
    severity: "high",
    level: "mandatory",
    group: "cost",
    remediation,
    url,
    reads: readsOf(...spec.types),
    fields: { ...pricing, [setting]: amount(spec.defaultUsd, spec.description) },
    check: (found, settings) => {
      const { unpriced } = settings;
      const region = found.region ?? settings.region;
      const parts = partsOf(toCostResource(found), optionsFor({ region, unpriced }));
      return hold(
        { subject, per, ...parts, ...worstOf(parts) },
        {
          usd: (settings as unknown as Record<typeof setting, number>)[setting],
          region,
          unpriced,
          refusesMissingRates: spec.refusesMissingRates ?? false,
          lever,
          setting,
          rule: id,
        },
      );
    },
  });
}
