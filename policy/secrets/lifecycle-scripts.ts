import { resourceRule } from "../rule";
import { SECRET_REMEDY, scriptFindings } from "./findings-of";

const NAMES = ["onCreate", "onStart", "studioLifecycleConfigContent"];

/** Over the scripts that notebooks and Studio run as they start. */
export const lifecycleScripts = resourceRule({
  id: "secrets-lifecycle-scripts",
  title: "No secrets in lifecycle scripts",
  sentence: "No lifecycle script of a notebook or of Studio holds a secret.",
  severity: "high",
  level: "mandatory",
  group: "secrets",
  remediation: SECRET_REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
  reads: {
    "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": [
      "onCreate",
      "onStart",
    ],
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": ["studioLifecycleConfigContent"],
  },
  check: ({ properties }) => NAMES.flatMap((name) => scriptFindings(properties[name], name, "base64")),
});
