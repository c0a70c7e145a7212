import { type CostParts, costParts } from "../catalog/estimate";
import type { Finding } from "../findings";
import { type Rule, type StackSubject, stackRule } from "../rule";
import { amount } from "../settings";
import { type Ceiling, hold } from "./bound";
import { optionsFor, readsOf, toCostResource, worstOf } from "./parts";
import { pricing } from "./pricing";

interface Spec {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly severity: "high" | "medium";
  readonly remediation: string;
  readonly url: string;
  /** Type of what is held against the ceiling, each by itself. */
  readonly owner: string;
  /** Types of what says how much of it there may be. */
  readonly others: readonly string[];
  /** Namespace and beginning of the dimension of the scaling that concerns it. */
  readonly scaling: { readonly namespace: string; readonly dimension: string };
  readonly defaultUsd: number;
  readonly description: string;
  readonly subject: string;
  readonly lever: string;
}

const SCALERS = ["aws:appautoscaling/target:Target", "aws:appautoscaling/scheduledAction:ScheduledAction"];

/** A rule that joins resources with what scales them and holds each at its largest size against a monthly ceiling. */
export function joinedCeiling(spec: Spec): Rule {
  return stackRule({
    id: spec.id,
    title: spec.title,
    sentence: spec.sentence,
    severity: spec.severity,
    level: "mandatory",
    group: "cost",
    remediation: spec.remediation,
    url: spec.url,
    reads: readsOf(spec.owner, ...spec.others, ...SCALERS),
    fields: { ...pricing, monthlyUsd: amount(spec.defaultUsd, spec.description) },
    check: (resources, settings) => {
      const own = resources.filter((subject) => concerns(subject, spec));
      const parts = costParts(own.map(toCostResource), optionsFor(settings));
      const byUrn = grouped(parts);

      return own.flatMap((subject): readonly Finding[] => {
        const mine = byUrn.get(subject.urn);
        if (mine === undefined) return [];
        const ceiling: Ceiling = {
          usd: settings.monthlyUsd,
          region: subject.region ?? settings.region,
          unpriced: settings.unpriced,
          refusesMissingRates: true,
          lever: spec.lever,
          setting: "monthlyUsd",
          rule: spec.id,
        };
        const name = subject.type === spec.owner ? spec.subject : "What this scales";
        return hold(
          { subject: name, urn: subject.urn, per: "a month at its largest", ...mine, ...worstOf(mine) },
          ceiling,
        );
      });
    },
  });
}

function concerns({ type, properties }: StackSubject, { scaling }: Spec): boolean {
  if (!SCALERS.includes(type)) return true;
  const { serviceNamespace, scalableDimension } = properties;
  return (
    (typeof serviceNamespace !== "string" || serviceNamespace === scaling.namespace) &&
    (typeof scalableDimension !== "string" || scalableDimension.startsWith(scaling.dimension))
  );
}

interface Grouped extends Pick<CostParts, "worstBases"> {
  readonly lines: CostParts["lines"][number][];
  readonly gaps: CostParts["gaps"][number][];
  readonly instanceHours: CostParts["instanceHours"][number][];
}

function grouped({ lines, gaps, instanceHours, worstBases }: CostParts): ReadonlyMap<string, Grouped> {
  const groups = new Map<string, Grouped>();
  const of = (urn: string): Grouped => {
    const group = groups.get(urn) ?? { lines: [], gaps: [], instanceHours: [], worstBases };
    groups.set(urn, group);
    return group;
  };
  for (const line of lines) of(line.urn).lines.push(line);
  for (const gap of gaps) of(gap.urn).gaps.push(gap);
  for (const hours of instanceHours) of(hours.urn).instanceHours.push(hours);
  return groups;
}
