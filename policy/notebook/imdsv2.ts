import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const PATH = "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion";
const REMEDY = `Set ${PATH} to "2".`;

export const imdsv2 = resourceRule({
  id: "notebook-imdsv2",
  title: "Notebook metadata by session only",
  sentence:
    "No notebook instance answers a metadata request without a session token (IMDSv2), so a forged request cannot read its role's credentials.",
  severity: "medium",
  level: "mandatory",
  group: "notebook",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds-compatibility.html",
  reads: notebookReads("instanceMetadataServiceConfiguration"),
  check: ({ properties }) => {
    const version = at(properties, PATH);
    if (version === "2" || version === 2) return [];
    if (version === UNKNOWN) return [undecided(PATH)];
    const meaning = version === undefined ? ', and AWS takes "1" for it' : "";
    return [violation(`${PATH} is ${shown(version)}${meaning}; only "2" is allowed. ${REMEDY}`)];
  },
});
