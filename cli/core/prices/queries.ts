import { findInstanceType, type Use } from "../../../policy/catalog/instance-types";
import type { Component } from "../../../policy/catalog/price-table";
import type { Product } from "./price-list";
import { rateQueries } from "./rate-queries";
import type { RowId } from "./row-id";

export interface PriceFilter {
  readonly Type: "TERM_MATCH" | "CONTAINS";
  readonly Field: string;
  readonly Value: string;
}

/** One question to the Price List and how its answer becomes rows of a table. */
export interface PriceQuery {
  /** For people: "SageMaker Hosting", "ebs/gp3Storage". */
  readonly name: string;
  /** What `--only` selects it by. */
  readonly section: string;
  readonly serviceCode: string;
  readonly filters: readonly PriceFilter[];
  /** The row a product is for; `undefined` for products that the table does not hold. */
  readonly rowOf: (product: Product) => RowId | undefined;
  /** Whether a row of the table has to come out of this query. */
  readonly owns: (row: RowId) => boolean;
  /** Unit of the Price List, compared without capitals. */
  readonly unit: RegExp;
  /** `only`: one price without tiers. `first`: the price of the first tier. */
  readonly tier: "only" | "first";
  /** What the table's unit holds of the Price List's: 1000 for `USD/1000 requests`. */
  readonly perUnit: number;
  readonly tableUnit: string;
}

/** All questions about a region, in the order in which they are asked. */
export function priceQueries(region: string): readonly PriceQuery[] {
  return [
    sagemaker(region, "Hosting", "Host", "hosting"),
    sagemaker(region, "Training", "Train", "training"),
    sagemaker(region, "Notebook", "Notebk", "notebook"),
    ec2(region),
    ...rateQueries(region),
  ];
}

export function regionFilter(region: string): PriceFilter {
  return { Type: "TERM_MATCH", Field: "regionCode", Value: region };
}

/**
 * The attribute instanceType of SageMaker's products is often empty or suffixed; the usage type is what names component
 * and type: `USE1-Host:ml.m5.large`. Reserved, spot and cluster capacity have other words in its place.
 */
function sagemaker(region: string, component: Component, word: string, use: Use): PriceQuery {
  const pattern = new RegExp(`^(?:[A-Z]{2,4}\\d?-)?${word}:(ml\\.[a-z0-9-]+\\.[a-z0-9]+)$`);
  return {
    name: `SageMaker ${component}`,
    section: "sagemaker",
    serviceCode: "AmazonSageMaker",
    filters: [regionFilter(region), { Type: "CONTAINS", Field: "usagetype", Value: `${word}:ml.` }],
    rowOf: ({ attributes }) => {
      const type = pattern.exec(attributes.usagetype ?? "")?.[1];
      return type === undefined || findInstanceType(use, type) === undefined
        ? undefined
        : `sagemaker/${type}/${component}`;
    },
    owns: (row) => row.startsWith("sagemaker/") && row.endsWith(`/${component}`),
    ...hourly,
  };
}

/** The filters by which AWS's own tools find the plain Linux price: no software, no reservation, shared hardware. */
function ec2(region: string): PriceQuery {
  return {
    name: "EC2 Linux",
    section: "ec2",
    serviceCode: "AmazonEC2",
    filters: [
      regionFilter(region),
      ...Object.entries({
        productFamily: "Compute Instance",
        operatingSystem: "Linux",
        preInstalledSw: "NA",
        capacitystatus: "Used",
        marketoption: "OnDemand",
        tenancy: "Shared",
      }).map(([Field, Value]) => ({ Type: "TERM_MATCH" as const, Field, Value })),
    ],
    rowOf: ({ attributes: { instanceType = "" } }) =>
      findInstanceType("compute", instanceType) === undefined
        ? undefined
        : `ec2LinuxOnDemand/${instanceType}`,
    owns: (row) => row.startsWith("ec2LinuxOnDemand/"),
    ...hourly,
  };
}

const hourly = { unit: /^hrs$/i, tier: "only", perUnit: 1, tableUnit: "USD/hour" } as const;
