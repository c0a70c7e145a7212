/** One price of a product, of one tier. */
export interface Dimension {
  readonly rateCode: string;
  readonly unit: string;
  readonly beginRange: string;
  readonly endRange: string;
  readonly description: string;
  /** Absent where AWS quotes another currency. */
  readonly usd?: number;
  /** When the price began to hold. */
  readonly effectiveDate: string;
}

/** What the Price List says of one SKU, reduced to its on-demand prices. */
export interface Product {
  readonly sku: string;
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly dimensions: readonly Dimension[];
  /** Version of the offer file, `20260924235959`: part of its URL. */
  readonly version: string;
  readonly publicationDate: string;
}

/** An answer that is not the Price List's. */
export class PriceListError extends Error {}

/**
 * Reads one entry of `GetProducts`' `PriceList`: a JSON document in a string, which the SDK hands over as a String object.
 * Throws `PriceListError` with what is wrong; nothing is guessed.
 */
export function parseProduct(item: unknown): Product {
  if (typeof item !== "string" && !(item instanceof String)) throw new PriceListError("is not text");
  const document = parseJson(item.valueOf());
  const product = record(document, "product");
  const attributes = record(product, "product.attributes");
  return {
    sku: text(product, "product.sku"),
    serviceCode: text(document, "serviceCode"),
    attributes: Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
    dimensions: Object.values(onDemand(document)).flatMap(dimensionsOf),
    version: text(document, "version"),
    publicationDate: timestamp(text(document, "publicationDate"), "publicationDate"),
  };
}

function parseJson(source: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new PriceListError(`is not JSON (${(error as Error).message})`);
  }
  if (!isRecord(value)) throw new PriceListError("is not a JSON object");
  return value;
}

function onDemand(document: JsonRecord): JsonRecord {
  const terms = document.terms;
  if (!isRecord(terms)) throw new PriceListError("has no terms");
  // A SKU that is only sold by reservation has no such terms: it is a product without a price, not garbage.
  return terms.OnDemand === undefined ? {} : record(terms, "terms.OnDemand");
}

function dimensionsOf(term: unknown): Dimension[] {
  if (!isRecord(term)) throw new PriceListError("has a term that is not an object");
  const effectiveDate = timestamp(text(term, "effectiveDate"), "effectiveDate");
  return Object.values(record(term, "priceDimensions")).map((dimension) => {
    if (!isRecord(dimension)) throw new PriceListError("has a price dimension that is not an object");
    const usd = record(dimension, "pricePerUnit").USD;
    return {
      rateCode: text(dimension, "rateCode"),
      unit: text(dimension, "unit"),
      beginRange: label(dimension.beginRange, "0"),
      endRange: label(dimension.endRange, "Inf"),
      description: label(dimension.description, ""),
      effectiveDate,
      ...(usd === undefined ? {} : { usd: amount(usd) }),
    };
  });
}

function label(value: unknown, missing: string): string {
  if (value === undefined || value === null) return missing;
  // Anything else may not even turn into text.
  if (typeof value !== "string" && typeof value !== "number")
    throw new PriceListError("has a price dimension whose range is not text");
  return String(value);
}

function amount(usd: unknown): number {
  // Number("") is 0: a price that is not there must not become free.
  const value =
    typeof usd === "string" && /^\d+(?:\.\d+)?(?:[Ee]-?\d+)?$/.test(usd) ? Number(usd) : Number.NaN;
  if (!Number.isFinite(value)) throw new PriceListError(`has the price ${JSON.stringify(usd)}`);
  return value;
}

function timestamp(value: string, name: string): string {
  if (!/^\d{4}-\d\d-\d\dT/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new PriceListError(`has the ${name} ${JSON.stringify(value)}`);
  }
  return value;
}

interface JsonRecord {
  readonly [key: string]: unknown;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function record(parent: JsonRecord, path: string): JsonRecord {
  const value = parent[lastKey(path)];
  if (!isRecord(value)) throw new PriceListError(`has no ${path}`);
  return value;
}

function text(parent: JsonRecord, path: string): string {
  const value = parent[lastKey(path)];
  if (typeof value !== "string" || value === "") throw new PriceListError(`has no ${path}`);
  return value;
}

function lastKey(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
