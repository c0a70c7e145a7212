import type { Rate } from "../../../policy/catalog/price-table";
import { type Dimension, PriceListError, type Product, parseProduct } from "./price-list";
import type { PriceQuery } from "./queries";
import type { RowId } from "./row-id";

/** Why a query's answer cannot be used. Any of these keeps the whole table as it is. */
export interface Problem {
  readonly kind: "garbage" | "unusable" | "ambiguous" | "missing" | "older";
  readonly query: string;
  readonly message: string;
}

export interface Selection {
  readonly products: number;
  readonly rows: ReadonlyMap<RowId, Rate>;
  readonly problems: readonly Problem[];
}

interface Hit {
  readonly product: Product;
  readonly dimension: Dimension & { readonly usd: number };
}

/** Reads the pages of one query's answer: at most one price per row, or a problem that names the SKUs. */
export function selectRows(query: PriceQuery, pages: readonly (readonly unknown[])[]): Selection {
  const problems: Problem[] = [];
  const report = (kind: Problem["kind"], message: string) =>
    problems.push({ kind, query: query.name, message });

  const hits = new Map<RowId, Hit[]>();
  const items = pages.flat();
  for (const [index, item] of items.entries()) {
    const product = read(item, (reason) => report("garbage", `item ${index + 1} ${reason}`));
    const row = product === undefined ? undefined : query.rowOf(product);
    if (product === undefined || row === undefined) continue;

    const fitting = product.dimensions.filter((dimension) => fits(query, dimension));
    if (fitting.length === 0) report("unusable", `${row}: SKU ${product.sku} has ${offered(product)}`);
    hits.set(row, [...(hits.get(row) ?? []), ...fitting.map((dimension) => ({ product, dimension }))]);
  }

  const rows = new Map<RowId, Rate>();
  for (const [row, found] of hits) {
    const [hit, ...others] = found;
    if (hit === undefined) continue;
    if (others.length === 0) rows.set(row, rateOf(query, hit));
    else report("ambiguous", `${row} has ${found.length} prices: ${found.map(shown).join(", ")}`);
  }
  return { products: items.length, rows, problems };
}

function read(item: unknown, fail: (reason: string) => void): Product | undefined {
  try {
    return parseProduct(item);
  } catch (error) {
    if (!(error instanceof PriceListError)) throw error;
    fail(error.message);
    return undefined;
  }
}

/** A price of zero is a free tier or a placeholder, never what an hour or a gigabyte costs. */
function fits(query: PriceQuery, dimension: Dimension): dimension is Hit["dimension"] {
  const wholeRange =
    Number(dimension.beginRange) === 0 && (query.tier === "first" || dimension.endRange === "Inf");
  return wholeRange && query.unit.test(dimension.unit) && dimension.usd !== undefined && dimension.usd > 0;
}

function offered({ dimensions }: Product): string {
  if (dimensions.length === 0) return "no on-demand price";
  const prices = dimensions.map(
    ({ usd, unit, beginRange, endRange }) =>
      `${usd ?? "no USD"} per ${unit} from ${beginRange} to ${endRange}`,
  );
  return `no price of the expected form, but ${prices.join(" and ")}`;
}

function shown({ product: { sku }, dimension: { usd, unit, rateCode } }: Hit): string {
  return `SKU ${sku} ${usd} per ${unit} (${rateCode})`;
}

function rateOf(query: PriceQuery, { product, dimension }: Hit): Rate {
  return {
    value: Number((dimension.usd * query.perUnit).toFixed(10)),
    unit: query.tableUnit,
    source: `AWS Price List API, ${product.serviceCode} ${product.version}`,
    date: product.publicationDate.slice(0, 10),
    confidence: "high",
    sku: product.sku,
    rateCode: dimension.rateCode,
    effectiveDate: dimension.effectiveDate,
    publicationDate: product.publicationDate,
  };
}
