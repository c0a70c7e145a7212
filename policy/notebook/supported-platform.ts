import { undecided, violation } from "../findings";
import { shown } from "../nested";
import { resourceRule } from "../rule";
import { texts } from "../settings";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

// What the provider's documentation gives as the platform of a notebook that names none.
const DEFAULT_PLATFORM = "notebook-al2-v3";

export const supportedPlatform = resourceRule({
  id: "notebook-supported-platform",
  title: "Notebooks on a supported platform",
  sentence: "Every notebook instance runs on a platform that AWS still patches.",
  severity: "medium",
  level: "mandatory",
  group: "notebook",
  standards: ["SageMaker.8"],
  remediation: 'Set platformIdentifier to "notebook-al2023-v1".',
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html",
  reads: notebookReads("platformIdentifier"),
  fields: {
    platforms: texts(["notebook-al2-v3", "notebook-al2023-v1"], "Platform identifiers that are allowed.", {
      pattern: /^notebook-al\d+-v\d+$/,
      form: "a platform identifier, such as notebook-al2023-v1",
    }),
  },
  check: ({ properties: { platformIdentifier } }, { platforms }) => {
    if (platformIdentifier === UNKNOWN) return [undecided("platformIdentifier")];
    const platform = platformIdentifier ?? DEFAULT_PLATFORM;
    if (platforms.some((allowed) => allowed === platform)) return [];
    const origin = platformIdentifier === platform ? "" : " (the provider's default)";
    return [
      violation(
        `platformIdentifier is ${shown(platform)}${origin}; allowed are ${platforms.join(", ")}. Set one of them, or add this one to the setting platforms.`,
      ),
    ];
  },
});
