import { undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const REMEDY =
  "Set kmsKeyId to a key of the account before the notebook is made: a later change replaces it and its volume.";

export const kms = resourceRule({
  id: "notebook-kms",
  title: "Notebook volumes under a key of one's own",
  sentence: "The volume of every notebook instance is encrypted with a key that the account controls.",
  severity: "medium",
  level: "production",
  group: "notebook",
  standards: ["SageMaker.21"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest-nbi.html",
  reads: notebookReads("kmsKeyId"),
  check: ({ properties: { kmsKeyId } }) => {
    if (kmsKeyId === UNKNOWN) return [undecided("kmsKeyId")];
    if (isText(kmsKeyId)) return [];
    return [violation(`kmsKeyId names no key, so AWS encrypts the volume with one of its own. ${REMEDY}`)];
  },
});
