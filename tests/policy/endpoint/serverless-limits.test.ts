import { serverlessLimits } from "../../../policy/endpoint/serverless-limits";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const serverless = (changes: object, beside = {}) => ({
  productionVariants: [
    { serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5, ...changes }, ...beside },
  ],
});

describeRuleWithUnknowns(serverlessLimits, {
  pass: [
    { title: "a small one", type: CONFIGURATION, props: serverless({}) },
    {
      title: "the greatest one",
      type: NATIVE,
      props: serverless({ memorySizeInMb: 6144, maxConcurrency: 200, provisionedConcurrency: 200 }),
    },
    {
      title: "numbers written as text",
      type: CONFIGURATION,
      props: serverless({ memorySizeInMb: "1024", maxConcurrency: "1" }),
    },
    {
      title: "instances",
      type: CONFIGURATION,
      props: { productionVariants: [{ instanceType: "ml.m5.large" }] },
    },
  ],
  violate: [
    {
      title: "more memory than there is",
      type: CONFIGURATION,
      props: serverless({ memorySizeInMb: 8192 }),
      says: /productionVariants\[0\]\.serverlessConfig\.memorySizeInMb is 8192; allowed are whole numbers from 1024 to 6144/,
    },
    {
      title: "memory between two steps",
      type: CONFIGURATION,
      props: serverless({ memorySizeInMb: 1536 }),
      says: /is 1536; it must be a multiple of 1024/,
    },
    {
      title: "no memory",
      type: CONFIGURATION,
      props: serverless({ memorySizeInMb: undefined }),
      says: /memorySizeInMb is not set/,
    },
    {
      title: "no concurrency",
      type: NATIVE,
      props: serverless({ maxConcurrency: 0 }),
      says: /maxConcurrency is 0; allowed are whole numbers from 1 to 200/,
    },
    {
      title: "too much concurrency",
      type: CONFIGURATION,
      props: serverless({ maxConcurrency: 201 }),
      says: /maxConcurrency is 201/,
    },
    {
      title: "more provisioned than there may be at once",
      type: CONFIGURATION,
      props: serverless({ provisionedConcurrency: 6 }),
      says: /provisionedConcurrency is 6; allowed are whole numbers from 1 to 5/,
    },
    {
      title: "an instance type beside it",
      type: CONFIGURATION,
      props: serverless({}, { instanceType: "ml.m5.large" }),
      says: /has both serverlessConfig and instanceType/,
    },
    {
      title: "a shadow",
      type: CONFIGURATION,
      props: { shadowProductionVariants: [{ serverlessConfig: { memorySizeInMb: 512, maxConcurrency: 1 } }] },
      says: /shadowProductionVariants\[0\]\.serverlessConfig\.memorySizeInMb is 512/,
    },
  ],
});
