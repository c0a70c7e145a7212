import { startupTimeouts } from "../../../policy/endpoint/startup-timeouts";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const GOOD = { containerStartupHealthCheckTimeoutInSeconds: 300, modelDataDownloadTimeoutInSeconds: 600 };

describeRuleWithUnknowns(startupTimeouts, {
  pass: [
    { title: "both limits", type: CONFIGURATION, props: { productionVariants: [GOOD] } },
    {
      title: "the least and the most of aws-native",
      type: NATIVE,
      props: {
        productionVariants: [
          { containerStartupHealthCheckTimeoutInSeconds: 60, modelDataDownloadTimeoutInSeconds: 3600 },
        ],
      },
    },
    {
      title: "a serverless variant, which takes none",
      type: CONFIGURATION,
      props: { productionVariants: [{ serverlessConfig: {} }] },
    },
  ],
  violate: [
    {
      title: "a variant without either",
      type: CONFIGURATION,
      props: { productionVariants: [{ instanceType: "ml.m5.large" }] },
      says: /containerStartupHealthCheckTimeoutInSeconds is not set; allowed are 60 to 3600 s[\s\S]*modelDataDownloadTimeoutInSeconds is not set/,
    },
    {
      title: "a shadow that waits too long",
      type: NATIVE,
      props: {
        productionVariants: [GOOD],
        shadowProductionVariants: [{ ...GOOD, modelDataDownloadTimeoutInSeconds: 3601 }],
      },
      says: /shadowProductionVariants\[0\]\.modelDataDownloadTimeoutInSeconds is 3601/,
    },
  ],
});
