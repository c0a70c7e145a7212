import { nearest } from "../catalog/nearest";
import { advisory, type Finding, undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { type Settings, texts } from "../settings";
import { UNKNOWN } from "../values";
import { ENDING_RUNTIMES, SUPPORTED_RUNTIMES } from "./runtimes";

const RUNTIME = { pattern: /^[a-z][a-z0-9.]+$/, form: "a runtime such as nodejs24.x" };

const fields = {
  supported: texts(Object.keys(SUPPORTED_RUNTIMES), "Runtimes that a function may have.", RUNTIME),
  ending: texts(ENDING_RUNTIMES, "Runtimes that pass with a remark, since their end is near.", RUNTIME),
};

/** Over functions. An image brings its own runtime. */
export const supportedRuntime = resourceRule({
  id: "lambda-supported-runtime",
  title: "Supported runtimes",
  sentence: "Every function that is not an image has a runtime for which AWS still mends security faults.",
  severity: "medium",
  level: "mandatory",
  group: "lambda",
  standards: ["Lambda.2"],
  remediation: "Move the function to one of the runtimes in the setting `supported`.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  fields,
  reads: { "aws:lambda/function:Function": ["runtime", "packageType", "imageUri"] },
  check: ({ properties: { runtime, packageType, imageUri } }, settings) => {
    if (runtime === UNKNOWN) return [undecided("runtime")];
    if (isText(runtime)) return judge(runtime, settings);
    if (packageType === "Image" || imageUri === UNKNOWN || isText(imageUri)) return [];
    if (packageType === UNKNOWN) return [undecided("packageType")];
    return [violation(`runtime is not set. Set it to one of ${settings.supported.join(", ")}.`)];
  },
});

function judge(runtime: string, { supported, ending }: Settings<typeof fields>): readonly Finding[] {
  if (supported.includes(runtime)) return [];
  if (ending.includes(runtime)) {
    return [
      advisory(
        `runtime is ${runtime}, whose support is about to end. Move to ${successor(runtime, supported)}.`,
      ),
    ];
  }
  const shown = RUNTIME.pattern.test(runtime) ? runtime : "none that Lambda has";
  return [
    violation(
      `runtime is ${shown}; supported are ${supported.join(", ")}. Move to ${successor(runtime, supported)}, or add a newer runtime to the setting supported.`,
    ),
  ];
}

function successor(runtime: string, supported: readonly string[]): string {
  const language = /^[a-z]+/.exec(runtime)?.[0] ?? "";
  const same = supported.find((candidate) => candidate.startsWith(language) && language !== "");
  return same ?? nearest(runtime, supported, 3) ?? supported[0] ?? "a supported one";
}
