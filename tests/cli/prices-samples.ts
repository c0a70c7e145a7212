import type { PriceTable, Rate } from "../../policy/catalog/price-table";

/** One entry of `PriceList` as AWS sends it, reduced to what is read and what has to be ignored. */
export interface SampleProduct {
  readonly sku: string;
  readonly usagetype: string;
  readonly usd: string;
  readonly serviceCode?: string;
  readonly instanceType?: string;
  readonly unit?: string;
  readonly description?: string;
  readonly beginRange?: string;
  readonly endRange?: string;
  readonly publicationDate?: string;
  readonly effectiveDate?: string;
  readonly currency?: string;
}

export function sampleProduct({
  sku,
  usagetype,
  usd,
  serviceCode = "AmazonSageMaker",
  instanceType,
  unit = "Hrs",
  description = "",
  beginRange = "0",
  endRange = "Inf",
  publicationDate = "2026-11-20T18:04:31Z",
  effectiveDate = "2026-11-01T00:00:00Z",
  currency = "USD",
}: SampleProduct): string {
  const offer = `${sku}.JRTCKXETXF`;
  const rateCode = `${offer}.6YS6EN2CT7`;
  return JSON.stringify({
    product: { productFamily: "ML Instance", attributes: { usagetype, instanceType }, sku },
    serviceCode,
    terms: {
      OnDemand: {
        [offer]: {
          priceDimensions: {
            [rateCode]: {
              unit,
              endRange,
              description,
              appliesTo: [],
              rateCode,
              beginRange,
              pricePerUnit: { [currency]: usd },
            },
          },
          sku,
          effectiveDate,
          offerTermCode: "JRTCKXETXF",
          termAttributes: {},
        },
      },
      Reserved: {
        [`${sku}.R`]: { priceDimensions: { x: { unit: "Hrs", pricePerUnit: { USD: "0.01" } } } },
      },
    },
    version: "20261120180431",
    publicationDate,
  });
}

export function sampleTable(sections: Partial<PriceTable> = {}): PriceTable {
  return {
    schemaVersion: 1,
    region: "us-east-1",
    currency: "USD",
    term: "OnDemand",
    hoursPerMonth: 730,
    note: "A sample.",
    ec2LinuxOnDemand: {},
    sagemaker: {},
    ...sections,
  };
}

export function sampleRate(value: number, more: Partial<Rate> = {}): Rate {
  return {
    value,
    unit: "USD/hour",
    source: "a sample",
    date: "2026-07-20",
    confidence: "medium",
    ...more,
  };
}
