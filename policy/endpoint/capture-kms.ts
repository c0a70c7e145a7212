import { undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { configurationReads } from "./reads";

const REMEDY = "Set dataCaptureConfig.kmsKeyId to a key of the account that the endpoint's role may use.";

export const captureKms = resourceRule({
  id: "endpoint-capture-kms",
  title: "Captured requests under a key of one's own",
  sentence:
    "What an endpoint captures of requests and answers is encrypted with a key that the account controls.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html",
  reads: configurationReads("dataCaptureConfig"),
  check: ({ properties }) => {
    if (properties.dataCaptureConfig === UNKNOWN) return [undecided("dataCaptureConfig")];
    const enabled = truth(at(properties, "dataCaptureConfig.enableCapture"));
    const key = at(properties, "dataCaptureConfig.kmsKeyId");
    if (enabled === "false" || enabled === "missing" || isText(key)) return [];
    if (key === UNKNOWN) return [undecided("dataCaptureConfig.kmsKeyId")];
    if (enabled === "unknown") return [undecided("dataCaptureConfig.enableCapture")];
    return [violation(`dataCaptureConfig.kmsKeyId names no key, and capture is on. ${REMEDY}`)];
  },
});
