import { type Properties, pick, quantity, UNKNOWN } from "../../values";
import type { Use } from "../instance-types";
import type { RateOrUnpriced } from "../prices";
import { costInputs } from "./inputs";

export interface CostResource {
  readonly urn: string;
  /** Type token, such as `aws:sagemaker/endpoint:Endpoint`. */
  readonly type: string;
  readonly name?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** URN of the parent; helps to join resources whose names are unknown in a preview. */
  readonly parent?: string | undefined;
  /** URNs by the property that refers to them; joins resources whose names are unknown. @default - not told */
  readonly references?: Readonly<Record<string, readonly string[]>>;
}

/** What one resource costs. A month has 730 hours. */
export interface CostLine {
  readonly urn: string;
  /** What is charged, such as the name of an endpoint. */
  readonly component: string;
  /** USD per hour while it runs at its expected size. */
  readonly hourly: number;
  /** USD per month with no traffic and nobody working. */
  readonly idleMonthly: number;
  /** USD per month under the assumptions stated in `basis`. */
  readonly monthly: number;
  /** USD per month at the largest size its configuration allows. */
  readonly worstMonthly: number;
  /** How the amounts were computed. */
  readonly basis: string;
}

export interface Remark {
  readonly urn: string;
  readonly type: string;
  readonly reason: string;
}

/**
 * Why something is missing from the amounts.
 * `unknown`: only a deployment will tell. `unpriced`: no price of an instance type's hour. `rate`: no rate of anything else.
 * `by-use`: billed by use alone. `unusable`: a value that cannot be read, or none where one is needed. `elsewhere`: said outside this program.
 */
export type GapKind = "unknown" | "unpriced" | "rate" | "by-use" | "unusable" | "elsewhere";

export interface Gap extends Remark {
  readonly kind: GapKind;
  /** Of what is unknown, what it is; the reason otherwise. */
  readonly what: string;
}

/** Instance hours within the largest amount of one resource. */
export interface InstanceHours {
  readonly urn: string;
  readonly use: Use;
  /** USD per hour of one instance. */
  readonly usd: number;
  readonly hours: number;
}

export interface Settings {
  /** Whether a price that is only an estimate is reported as a gap; it counts all the same. */
  readonly refusesEstimates: boolean;
  readonly region: string;
  readonly hoursPerMonth: number;
  readonly notebookHoursPerMonth: number;
  readonly computeHoursPerMonth: number;
}

/** A resource with its properties copied, as the estimators see it. */
export interface Item {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly references: Readonly<Record<string, readonly string[]>>;
  readonly region: string;
  readonly properties: Properties;
}

/** Adds what one resource costs, by itself, to the ledger. */
export type Estimator = (item: Item, ledger: Ledger, settings: Settings) => void;

// No AWS quota is near it, and products of a few such numbers stay finite.
const LARGEST = 1e9;

/** Collects lines and everything that kept a line from being complete. One per estimate. */
export class Ledger {
  readonly lines: CostLine[] = [];
  readonly gaps: Gap[] = [];
  readonly notes: Remark[] = [];
  readonly instanceHours: InstanceHours[] = [];
  /** How the largest amount of a line was computed, where `basis` tells of the expected one. */
  readonly worstBases = new Map<CostLine, string>();

  constructor(readonly refusesEstimates = false) {}

  /** The gaps as a reader is told them. */
  get unpriced(): readonly Remark[] {
    return this.gaps.map(({ urn, type, reason }) => ({ urn, type, reason }));
  }

  get unknown(): number {
    return this.gaps.filter(({ kind }) => kind === "unknown").length;
  }

  add(
    item: Item,
    line: Omit<CostLine, "urn" | "component"> & { component?: string; worstBasis?: string },
  ): void {
    const added: CostLine = {
      urn: item.urn,
      component: line.component ?? item.name,
      hourly: roundUsd(line.hourly),
      idleMonthly: roundUsd(line.idleMonthly),
      monthly: roundUsd(line.monthly),
      worstMonthly: roundUsd(line.worstMonthly),
      basis: line.basis,
    };
    this.lines.push(added);
    if (line.worstBasis !== undefined) this.worstBases.set(added, line.worstBasis);
  }

  /** Counts hours of an instance that a line of the same resource contains. */
  count(item: Item, use: Use, usd: number, hours: number): void {
    this.instanceHours.push({ urn: item.urn, use, usd, hours });
  }

  refuse(item: Item, reason: string, kind: Exclude<GapKind, "unknown">): void {
    this.gaps.push({ urn: item.urn, type: item.type, reason, kind, what: reason });
  }

  note(item: Item, reason: string): void {
    this.notes.push({ urn: item.urn, type: item.type, reason });
  }

  /** Something that only a deployment will tell: the amounts are a lower bound then, and say so. */
  unknownUntilDeployment(item: Item, what: string): void {
    const reason = `${what} is unknown until deployment; the amounts are a lower bound`;
    this.gaps.push({ urn: item.urn, type: item.type, reason, kind: "unknown", what });
  }

  /**
   * A count or size. Missing gives `missing`; unknown or unusable is reported and gives `atLeast`, the smallest value it can have.
   */
  amount(item: Item, value: unknown, what: string, fallback: { missing: number; atLeast: number }): number {
    const read = quantity(value);
    if (read.kind === "known") return Math.min(read.value, LARGEST);
    if (read.kind === "missing") return fallback.missing;

    if (read.kind === "unknown") this.unknownUntilDeployment(item, what);
    else
      this.refuse(
        item,
        `${what} is not a number of zero or more; the amounts count ${fallback.atLeast}`,
        "unusable",
      );
    return fallback.atLeast;
  }

  /** A name or other text; unknown and unusable are reported and give `undefined`, as does a missing one. */
  text(item: Item, value: unknown, what: string): string | undefined {
    if (value === UNKNOWN) this.unknownUntilDeployment(item, what);
    else if (value !== undefined && value !== null && typeof value !== "string")
      this.refuse(item, `${what} is no text`, "unusable");
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** USD of a rate, or `undefined` after reporting that there is none. */
  rate(item: Item, rate: RateOrUnpriced, what: string): number | undefined {
    if (rate.kind === "priced") return rate.usd;
    this.refuse(item, `${what}: ${rate.reason}`, "rate");
    return undefined;
  }
}

export function toItem(resource: CostResource, region: string): Item {
  const properties = pick(resource.properties, [...(costInputs[resource.type] ?? []), "region"]);
  const own = properties.region;

  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name ?? resource.urn.split("::").at(-1) ?? resource.urn,
    parent: resource.parent,
    references: resource.references ?? {},
    region: typeof own === "string" && own !== "" ? own : region,
    properties,
  };
}

// A millionth of a dollar: small enough for Lambda rates, coarse enough to hide binary fractions.
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
