import { dataCaptureValid } from "../../../policy/endpoint/data-capture-valid";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const GOOD = {
  enableCapture: true,
  initialSamplingPercentage: 10,
  captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
  destinationS3Uri: "s3://out/capture",
};
const capture = (changes: object) => ({ dataCaptureConfig: { ...GOOD, ...changes } });

describeRuleWithUnknowns(dataCaptureValid, {
  pass: [
    { title: "capture of a tenth", type: CONFIGURATION, props: capture({}) },
    {
      title: "capture of everything by aws-native",
      type: NATIVE,
      props: capture({ initialSamplingPercentage: 100 }),
    },
    {
      title: "capture switched off on purpose",
      type: CONFIGURATION,
      props: { dataCaptureConfig: { enableCapture: false } },
    },
    { title: "a hundredth", type: CONFIGURATION, props: capture({ initialSamplingPercentage: 1 }) },
    { title: "no capture", type: CONFIGURATION, props: {} },
  ],
  violate: [
    {
      title: "a share of nothing",
      type: CONFIGURATION,
      props: capture({ initialSamplingPercentage: 0 }),
      says: /initialSamplingPercentage is 0; 1 to 100 captures something/,
    },
    {
      title: "a share above all",
      type: NATIVE,
      props: capture({ initialSamplingPercentage: 101 }),
      says: /is 101/,
    },
    {
      title: "capture that nobody switched on",
      type: CONFIGURATION,
      props: capture({ enableCapture: undefined }),
      says: /enableCapture is not set, so nothing is captured\. Set it to true, or to false if that is meant/,
    },
    {
      title: "options that are no list",
      type: CONFIGURATION,
      props: capture({ captureOptions: "Input" }),
      says: /names nothing to capture/,
    },
    {
      title: "nothing to capture",
      type: CONFIGURATION,
      props: capture({ captureOptions: [] }),
      says: /names nothing to capture/,
    },
    {
      title: "a mode that AWS does not know",
      type: CONFIGURATION,
      props: capture({ captureOptions: [{ captureMode: "Input" }, { captureMode: "Both" }] }),
      says: /has the captureMode "Both"; allowed are Input, Output, InputAndOutput/,
    },
    {
      title: "a place that is not in S3",
      type: CONFIGURATION,
      props: capture({ destinationS3Uri: "out/capture" }),
      says: /destinationS3Uri is "out\/capture"; it must be s3:\/\/bucket\/prefix/,
    },
    {
      title: "a serverless variant, which captures nothing",
      type: CONFIGURATION,
      props: { ...capture({}), productionVariants: [{ serverlessConfig: { maxConcurrency: 1 } }] },
      says: /productionVariants\[0\] is serverless, and serverless endpoints capture no data/,
    },
  ],
});
