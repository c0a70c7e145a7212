import { entriesOf } from "../entries";
import { at } from "../nested";
import { type Properties, UNKNOWN } from "../values";
import type { InstanceAt } from "../volume-key";

export interface Variant {
  /** For messages, such as `productionVariants[0]`. */
  readonly path: string;
  /** `UNKNOWN` where the variant, or the list of variants, is. */
  readonly value: unknown;
  /** `unknown` where it cannot be told yet whether there are instances. */
  readonly kind: "instances" | "serverless" | "unknown";
}

export type VariantList = "productionVariants" | "shadowProductionVariants";

export function variantsOf(properties: Properties, ...lists: readonly VariantList[]): readonly Variant[] {
  return lists
    .flatMap((list) => entriesOf(properties[list], list))
    .map(({ path, value }) => {
      const serverless = at(value, "serverlessConfig");
      const kind = serverless === undefined ? "instances" : serverless === UNKNOWN ? "unknown" : "serverless";
      return { path, value, kind };
    });
}

/** Where the variants name instance types, or should. */
export function instancesOf(variants: readonly Variant[]): readonly InstanceAt[] {
  return variants
    .filter(({ kind }) => kind !== "serverless")
    .map(({ path, value, kind }) => ({
      path: value === UNKNOWN ? path : `${path}.instanceType`,
      instanceType: kind === "unknown" ? UNKNOWN : at(value, "instanceType"),
    }));
}
