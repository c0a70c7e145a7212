import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { endpointCeiling } from "../../../policy/cost/endpoint-ceiling";
import { estimatedType, variant } from "../../support/cost-samples";
import { UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

// 0.115 × 730 = 83.95
describeRule(endpointCeiling, {
  pass: [
    {
      title: "a configuration exactly at its ceiling",
      type,
      props: { productionVariants: [variant({ initialInstanceCount: 2 })] },
      settings: { monthlyUsd: 167.9 },
    },
    {
      title: "what managed scaling may add, which other rules judge",
      type,
      props: {
        productionVariants: [
          variant({ managedInstanceScaling: { status: "ENABLED", maxInstanceCount: 99 } }),
        ],
      },
      settings: { monthlyUsd: 83.95 },
    },
    {
      title: "an estimated price where estimates are taken",
      type,
      props: { productionVariants: [variant({ instanceType: estimatedType("hosting") })] },
      settings: { unpriced: "estimate", monthlyUsd: 1_000_000 },
    },
  ],
  violate: [
    {
      title: "a configuration a cent above its ceiling, with its arithmetic",
      type,
      props: { productionVariants: [variant({ initialInstanceCount: 2 })] },
      settings: { monthlyUsd: 167.89 },
      says: /An endpoint on this configuration costs up to 167\.9 USD a month; the ceiling is 167\.89: 167\.9 − 167\.89 = 0\.01 too much\. Counted: subject\/AllTraffic 167\.9 = 2 instances × \(ml\.m5\.large 0\.115 USD\/h .* × 730 h\)\. Cheapest for hosting, in USD a month: ml\.c5\.large 148\.92\. Choose/,
    },
    {
      title: "a shadow variant that adds too much",
      type,
      props: {
        productionVariants: [variant()],
        shadowProductionVariants: [variant({ variantName: "next" })],
      },
      settings: { monthlyUsd: 167.89 },
      says: /Counted: subject\/AllTraffic 83\.95 = .*; subject\/next 83\.95 = /,
    },
    {
      title: "the sum of several variants",
      type,
      props: {
        productionVariants: [variant(), variant({ variantName: "b" }), variant({ variantName: "c" })],
      },
      settings: { monthlyUsd: 251.84 },
      says: /251\.85 − 251\.84 = 0\.01/,
    },
    {
      title: "provisioned serverless capacity, which has no rate",
      type,
      props: {
        productionVariants: [
          {
            variantName: "AllTraffic",
            serverlessConfig: { memorySizeInMb: 2048, provisionedConcurrency: 5 },
          },
        ],
      },
      says: /no rate for provisioned concurrency of serverless inference \(5 units, at most 5\)/,
    },
    { title: "a configuration without variants", type, props: {}, says: /no production variants are given/ },
    { title: "a variant that is none", type, props: { productionVariants: [7] }, says: /one is no variant/ },
    {
      title: "a count below zero",
      type,
      props: { productionVariants: [variant({ initialInstanceCount: -5 })] },
      says: /the instance count is not a number of zero or more/,
    },
    {
      title: "an estimated price where estimates are refused",
      type,
      props: { productionVariants: [variant({ instanceType: estimatedType("hosting") })] },
      settings: { monthlyUsd: 1_000_000 },
      says: /has only an estimated price/,
    },
  ],
});

describe("cost-endpoint-ceiling", () => {
  const serverless = (more: Record<string, unknown> = {}) => ({
    productionVariants: [{ variantName: "v", serverlessConfig: { memorySizeInMb: 2048, ...more } }],
  });
  const rows: readonly [string, Record<string, unknown>, Record<string, unknown>, RegExp][] = [
    [
      "mentions a serverless variant, billed by use",
      serverless(),
      {},
      /serverless inference is billed by use/,
    ],
    [
      "mentions provisioned serverless capacity where estimates are taken",
      serverless({ provisionedConcurrency: 5 }),
      { unpriced: "estimate" },
      /no rate for provisioned concurrency/,
    ],
    [
      "leaves a variant open whose kind is unknown",
      { productionVariants: [{ serverlessConfig: UNKNOWN_STRING }] },
      {},
      /1 value unknown: variant variant-1: its serverless configuration/,
    ],
    [
      "counts one instance where the count is unknown",
      { productionVariants: [variant({ initialInstanceCount: UNKNOWN_NUMBER })] },
      {},
      /at least 83\.95 USD a month of the 1000 allowed; 1 value unknown/,
    ],
    [
      "lets an unknown variant not hide the others' cost",
      { productionVariants: [UNKNOWN_STRING, variant()] },
      {},
      /at least 83\.95 USD a month .* one of the production variants/,
    ],
  ];
  for (const [what, props, settings, message] of rows) {
    it(what, async () => {
      const found = await diagnose(endpointCeiling, { type, props, settings });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.message ?? "", message);
    });
  }
});
