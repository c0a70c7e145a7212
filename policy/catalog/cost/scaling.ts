import { asObject, UNKNOWN } from "../../values";
import type { Item, Ledger } from "./ledger";

/** What Application Auto Scaling may do to one target: the smallest and largest capacity it is given anywhere. */
export interface CapacityRange {
  readonly min: number;
  readonly max: number;
}

export interface ScalingWanted {
  readonly namespace: "sagemaker" | "lambda";
  readonly dimension: string;
  /** `endpoint/<endpoint>/variant/<variant>` or `function:<function>:<alias>`; absent while a name in it is unknown. */
  readonly resourceId: string | undefined;
  /** For the join by place, when a name is unknown. */
  readonly owner: Item;
}

const TARGET = "aws:appautoscaling/target:Target";
const SCHEDULED = "aws:appautoscaling/scheduledAction:ScheduledAction";

/**
 * Joins scalable targets and scheduled actions to what they scale. By resource id where it is known; otherwise, in a preview
 * of auto-named resources, by place: the target stands beside its owner or below the owner's parent. Remembers what was joined, so
 * that a target of nothing in the stack can be reported.
 */
export class Scaling {
  private readonly joined = new Set<string>();
  private readonly neighbours = new Map<string, string | null>();
  private readonly scalersByTarget = new Map<string, Item[]>();
  private readonly scalersOfUnknown: Item[] = [];
  private readonly byUrn: ReadonlyMap<string, Item>;
  private readonly byType: ReadonlyMap<string, readonly Item[]>;

  constructor(
    items: readonly Item[],
    private readonly ledger: Ledger,
  ) {
    const byType = new Map<string, Item[]>();
    for (const item of items) {
      const sameType = byType.get(item.type);
      if (sameType === undefined) byType.set(item.type, [item]);
      else sameType.push(item);
    }
    this.byType = byType;
    this.byUrn = new Map(items.map((item) => [item.urn, item]));
    for (const item of this.scalers()) {
      const { resourceId } = item.properties;
      if (typeof resourceId !== "string") this.scalersOfUnknown.push(item);
      else this.scalersByTarget.set(resourceId, [...(this.scalersByTarget.get(resourceId) ?? []), item]);
    }
  }

  rangeFor(wanted: ScalingWanted): CapacityRange | undefined {
    const named = wanted.resourceId === undefined ? undefined : this.scalersByTarget.get(wanted.resourceId);
    const mine = [...(named ?? []), ...this.scalersOfUnknown].filter((item) => this.belongs(item, wanted));
    for (const item of mine) this.joined.add(item.urn);
    if (mine.length === 0) return undefined;

    const ranges = mine.map((item) => this.read(item));
    return { min: Math.min(...ranges.map(({ min }) => min)), max: Math.max(...ranges.map(({ max }) => max)) };
  }

  /** Call last. A target that scales nothing known is a cost that nobody counted. */
  reportOrphans(): void {
    for (const item of this.scalers()) {
      if (this.joined.has(item.urn)) continue;
      const { serviceNamespace, scalableDimension, resourceId } = item.properties;
      const open = serviceNamespace === UNKNOWN || scalableDimension === UNKNOWN;
      if (!open && serviceNamespace !== "sagemaker" && serviceNamespace !== "lambda") continue;

      if (typeof resourceId === "string" && !open) {
        this.ledger.refuse(
          item,
          "what it scales is not in this stack: its maximum capacity is in no line",
          "elsewhere",
        );
      } else {
        this.ledger.unknownUntilDeployment(item, "what it scales");
      }
    }
  }

  private scalers(): readonly Item[] {
    return [...(this.byType.get(TARGET) ?? []), ...(this.byType.get(SCHEDULED) ?? [])];
  }

  private belongs(item: Item, wanted: ScalingWanted): boolean {
    const { serviceNamespace, scalableDimension, resourceId } = item.properties;
    if (serviceNamespace !== wanted.namespace || scalableDimension !== wanted.dimension) return false;
    if (typeof resourceId === "string" && wanted.resourceId !== undefined)
      return resourceId === wanted.resourceId;

    if (typeof resourceId === "string") return false;
    const references = item.references.resourceId ?? [];
    // A reference says which it is, and so do references to others of the kind that it is not.
    if (references.includes(wanted.owner.urn)) return true;
    if (references.some((urn) => this.byUrn.get(urn)?.type === wanted.owner.type)) return false;
    return this.isNeighbour(item, wanted.owner);
  }

  private isNeighbour(item: Item, owner: Item): boolean {
    const key = `${item.urn} ${owner.type}`;
    const known = this.neighbours.get(key);
    const neighbour = known === undefined ? this.onlyNeighbour(item, owner.type) : known;
    if (known === undefined) this.neighbours.set(key, neighbour);
    return neighbour === owner.urn;
  }

  /** URN of the one owner beside the item or its parent; `null` if there are none or several. */
  private onlyNeighbour(item: Item, ownerType: string): string | null {
    const near = [placeOf(item), placeOf(this.byUrn.get(item.parent ?? ""))];
    const candidates = (this.byType.get(ownerType) ?? []).filter(
      (other) => near.includes(other.urn) || near.includes(placeOf(other)),
    );
    return candidates.length === 1 ? (candidates[0]?.urn ?? null) : null;
  }

  private read(item: Item): CapacityRange {
    const source =
      item.type === TARGET ? item.properties : (asObject(item.properties.scalableTargetAction) ?? {});
    const min = this.ledger.amount(item, source.minCapacity, "minimum capacity", {
      missing: 0,
      atLeast: 0,
    });
    // A scheduled action may leave the maximum alone; its minimum still lifts the capacity.
    const max = this.ledger.amount(item, source.maxCapacity, "maximum capacity", {
      missing: min,
      atLeast: min,
    });
    return { min: item.type === TARGET ? min : Number.POSITIVE_INFINITY, max: Math.max(min, max) };
  }
}

// The URN of the parent; the empty word is the stack itself.
function placeOf(item: Item | undefined): string {
  return item?.parent ?? "";
}
