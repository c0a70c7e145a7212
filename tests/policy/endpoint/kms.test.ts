import { kms } from "../../../policy/endpoint/kms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/0";
const variants = (...types: unknown[]) =>
  types.map((instanceType) => ({ instanceType, initialInstanceCount: 2 }));
const serverless = [{ serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5 } }];

describeRuleWithUnknowns(kms, {
  pass: [
    {
      title: "a key",
      type: CONFIGURATION,
      props: { productionVariants: variants("ml.m5.large"), kmsKeyArn: KEY },
    },
    {
      title: "a key of aws-native",
      type: NATIVE,
      props: { productionVariants: variants("ml.m5.large"), kmsKeyId: KEY },
    },
    {
      title: "local NVMe disks, which take no key",
      type: CONFIGURATION,
      props: { productionVariants: variants("ml.g4dn.xlarge") },
    },
    {
      title: "a family with such disks beside one without, as AWS then takes no key for either",
      type: CONFIGURATION,
      props: { productionVariants: variants("ml.m5.large", "ml.g5.xlarge") },
    },
    { title: "serverless variants only", type: CONFIGURATION, props: { productionVariants: serverless } },
  ],
  violate: [
    {
      title: "volumes without a key",
      type: CONFIGURATION,
      props: { productionVariants: variants("ml.m5.large") },
      says: /kmsKeyArn names no key, so the volumes are under a key of AWS\. Set it to a key of the account/,
    },
    {
      title: "an empty key of aws-native",
      type: NATIVE,
      props: { productionVariants: variants("ml.m5.large"), kmsKeyId: "" },
      says: /kmsKeyId names no key/,
    },
    {
      title: "the classic provider's name for the key in aws-native, which does not read it",
      type: NATIVE,
      props: { productionVariants: variants("ml.m5.large"), kmsKeyArn: KEY },
      says: /kmsKeyId names no key/,
    },
    {
      title: "a key that AWS refuses",
      type: CONFIGURATION,
      props: { productionVariants: variants("ml.g4dn.xlarge"), kmsKeyArn: KEY },
      says: /kmsKeyArn is set, and productionVariants\[0\]\.instanceType is "ml\.g4dn\.xlarge": AWS refuses a key/,
    },
    {
      title: "a key that AWS refuses for the shadow",
      type: CONFIGURATION,
      props: {
        productionVariants: variants("ml.m5.large"),
        shadowProductionVariants: variants("ml.m5d.large"),
        kmsKeyArn: KEY,
      },
      says: /shadowProductionVariants\[0\]\.instanceType is "ml\.m5d\.large"/,
    },
    {
      title: "instances beside a serverless variant, without a key",
      type: CONFIGURATION,
      props: { productionVariants: [...serverless, ...variants("ml.c5.xlarge")] },
      says: /kmsKeyArn names no key/,
    },
  ],
});
