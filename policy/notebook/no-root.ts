import { undecided, violation } from "../findings";
import { shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const REMEDY =
  'Set rootAccess to "Disabled", and install what users need in the lifecycle configuration: its scripts run as root all the same.';

export const noRoot = resourceRule({
  id: "notebook-no-root",
  title: "Notebooks without root access",
  sentence:
    "No user of a notebook instance has root access, with which its idle stop and its logs could be removed.",
  severity: "high",
  level: "mandatory",
  group: "notebook",
  standards: ["SageMaker.3"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html",
  reads: notebookReads("rootAccess"),
  check: ({ properties: { rootAccess } }) => {
    if (rootAccess === "Disabled") return [];
    if (rootAccess === UNKNOWN) return [undecided("rootAccess")];
    const meaning = rootAccess === undefined || rootAccess === null ? ', and AWS takes "Enabled" for it' : "";
    return [violation(`rootAccess is ${shown(rootAccess)}${meaning}; only "Disabled" is allowed. ${REMEDY}`)];
  },
});
