import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { instanceMinimum } from "../../../policy/endpoint/instance-minimum";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { diagnose } from "../../support/rule-cases";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const variants = (...counts: unknown[]) => ({
  productionVariants: counts.map((initialInstanceCount) => ({
    instanceType: "ml.m5.large",
    initialInstanceCount,
  })),
});

describeRuleWithUnknowns(instanceMinimum, {
  pass: [
    { title: "two instances", type: CONFIGURATION, props: variants(2) },
    { title: "a count written as text", type: CONFIGURATION, props: variants("3") },
    { title: "one of aws-native", type: NATIVE, props: variants(2, 4) },
    {
      title: "a single instance where that is enough",
      type: CONFIGURATION,
      props: variants(1),
      settings: { instances: 1 },
    },
    {
      title: "a serverless variant, which has no instances",
      type: CONFIGURATION,
      props: { productionVariants: [{ serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5 } }] },
    },
    {
      title: "an asynchronous endpoint, whose requests wait",
      type: CONFIGURATION,
      props: { ...variants(1), asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://out" } } },
    },
    {
      title: "a minimum of managed scaling in place of a count",
      type: CONFIGURATION,
      props: {
        productionVariants: [
          { instanceType: "ml.m5.large", managedInstanceScaling: { minInstanceCount: 2 } },
        ],
      },
    },
  ],
  violate: [
    {
      title: "a single instance",
      type: CONFIGURATION,
      props: variants(1),
      says: /productionVariants\[0\]\.initialInstanceCount is 1; at least 2 are asked for/,
    },
    {
      title: "one variant of two",
      type: NATIVE,
      props: variants(2, 1),
      says: /productionVariants\[1\]\.initialInstanceCount is 1/,
    },
    {
      title: "no count",
      type: CONFIGURATION,
      props: variants(undefined),
      says: /initialInstanceCount is not set/,
    },
    {
      title: "a count that is none",
      type: CONFIGURATION,
      props: variants("many"),
      says: /initialInstanceCount is "many"/,
    },
    {
      title: "a count below the stack's own minimum",
      type: CONFIGURATION,
      props: variants(2),
      settings: { instances: 3 },
      says: /is 2; at least 3/,
    },
  ],
});

describe("endpoint-instance-minimum and an endpoint that may be asynchronous", () => {
  it("asks nothing where there are enough instances in any case", async () => {
    const props = { ...variants(2), asyncInferenceConfig: UNKNOWN_STRING };

    assert.deepEqual(await diagnose(instanceMinimum, { type: CONFIGURATION, props }), []);
  });
});
