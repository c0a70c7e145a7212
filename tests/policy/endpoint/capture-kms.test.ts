import { captureKms } from "../../../policy/endpoint/capture-kms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const capture = (changes: object) => ({
  dataCaptureConfig: { enableCapture: true, destinationS3Uri: "s3://c", ...changes },
});

describeRuleWithUnknowns(captureKms, {
  pass: [
    { title: "a key", type: CONFIGURATION, props: capture({ kmsKeyId: "alias/capture" }) },
    { title: "a key of aws-native", type: NATIVE, props: capture({ kmsKeyId: "alias/capture" }) },
    { title: "no capture", type: CONFIGURATION, props: {} },
    { title: "capture switched off", type: CONFIGURATION, props: capture({ enableCapture: false }) },
  ],
  violate: [
    {
      title: "capture without a key",
      type: CONFIGURATION,
      props: capture({}),
      says: /dataCaptureConfig\.kmsKeyId names no key, and capture is on\. Set dataCaptureConfig\.kmsKeyId/,
    },
    {
      title: "an empty key of aws-native",
      type: NATIVE,
      props: capture({ kmsKeyId: "" }),
      says: /names no key/,
    },
  ],
});
