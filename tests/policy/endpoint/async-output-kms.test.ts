import { asyncOutputKms } from "../../../policy/endpoint/async-output-kms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const output = (changes: object) => ({
  asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://out", ...changes } },
});

describeRuleWithUnknowns(asyncOutputKms, {
  pass: [
    { title: "a key", type: CONFIGURATION, props: output({ kmsKeyId: "alias/out" }) },
    { title: "a key of aws-native", type: NATIVE, props: output({ kmsKeyId: "alias/out" }) },
    { title: "an endpoint that is not asynchronous", type: CONFIGURATION, props: {} },
  ],
  violate: [
    {
      title: "answers without a key",
      type: CONFIGURATION,
      props: output({}),
      says: /asyncInferenceConfig\.outputConfig\.kmsKeyId names no key\. Set/,
    },
    {
      title: "an empty key of aws-native",
      type: NATIVE,
      props: output({ kmsKeyId: "" }),
      says: /names no key/,
    },
  ],
});
