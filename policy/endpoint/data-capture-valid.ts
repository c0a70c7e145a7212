import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { type Properties, quantity, UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { variantsOf } from "./variants";

const BASE = "dataCaptureConfig";
const MODES = ["Input", "Output", "InputAndOutput"];

export const dataCaptureValid = resourceRule({
  id: "endpoint-data-capture-valid",
  title: "Data capture that captures",
  sentence:
    "Where data capture is declared it is switched on or off on purpose, takes a share of requests, and has a place to write to.",
  severity: "low",
  level: "mandatory",
  group: "endpoint",
  remediation:
    "Set enableCapture, initialSamplingPercentage (1 to 100), captureOptions and destinationS3Uri, or leave dataCaptureConfig out.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html",
  reads: configurationReads(BASE, "productionVariants"),
  check: ({ properties }) => {
    const config = properties[BASE];
    if (config === undefined || config === null) return [];
    if (config === UNKNOWN) return [undecided(BASE)];

    const enabled = truth(at(config, "enableCapture"));
    if (enabled === "false") return [];
    if (enabled === "unknown") return [undecided(`${BASE}.enableCapture`)];
    if (enabled !== "true") {
      const value = shown(at(config, "enableCapture"));
      return [
        violation(
          `${BASE}.enableCapture is ${value}, so nothing is captured. Set it to true, or to false if that is meant.`,
        ),
      ];
    }
    return [...sampling(config), ...options(config), ...destination(config), ...serverless(properties)];
  },
});

function sampling(config: unknown): readonly Finding[] {
  const value = at(config, "initialSamplingPercentage");
  const number = quantity(value);
  if (number.kind === "unknown") return [undecided(`${BASE}.initialSamplingPercentage`)];
  if (number.kind === "known" && number.value >= 1 && number.value <= 100) return [];
  return [
    violation(
      `${BASE}.initialSamplingPercentage is ${shown(value)}; 1 to 100 captures something. Set it, or switch enableCapture off.`,
    ),
  ];
}

function options(config: unknown): readonly Finding[] {
  const value = at(config, "captureOptions");
  if (value === UNKNOWN) return [undecided(`${BASE}.captureOptions`)];
  const modes = Array.isArray(value) ? value.map((option) => at(option, "captureMode")) : [];
  const wrong = modes.find((mode) => mode !== UNKNOWN && !MODES.some((allowed) => allowed === mode));
  if (modes.length > 0 && wrong === undefined) {
    return modes.includes(UNKNOWN) ? [undecided(`${BASE}.captureOptions`)] : [];
  }
  const what = modes.length === 0 ? "names nothing to capture" : `has the captureMode ${shown(wrong)}`;
  return [violation(`${BASE}.captureOptions ${what}; allowed are ${MODES.join(", ")}. Name at least one.`)];
}

function destination(config: unknown): readonly Finding[] {
  const value = at(config, "destinationS3Uri");
  if (value === UNKNOWN) return [undecided(`${BASE}.destinationS3Uri`)];
  if (typeof value === "string" && /^(?:s3|https):\/\/[^/]+/.test(value)) return [];
  return [
    violation(
      `${BASE}.destinationS3Uri is ${shown(value)}; it must be s3://bucket/prefix. Name a bucket and a prefix.`,
    ),
  ];
}

// https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html, feature exclusions
function serverless(properties: Properties): readonly Finding[] {
  return variantsOf(properties, "productionVariants")
    .filter(({ kind }) => kind === "serverless")
    .map(({ path }) =>
      violation(
        `${path} is serverless, and serverless endpoints capture no data. Leave dataCaptureConfig out, or use instances.`,
      ),
    );
}
