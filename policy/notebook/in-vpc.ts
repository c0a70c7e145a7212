import { undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const REMEDY =
  "Set subnetId to a private subnet, with security groups, before the notebook is made: a later change replaces it.";

export const inVpc = resourceRule({
  id: "notebook-in-vpc",
  title: "Notebooks in a VPC of one's own",
  sentence: "Every notebook instance has its network interface in a subnet of the account.",
  severity: "high",
  level: "production",
  group: "notebook",
  standards: ["SageMaker.2"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-connect-to-resources.html",
  reads: notebookReads("subnetId"),
  check: ({ properties: { subnetId } }) => {
    if (subnetId === UNKNOWN) return [undecided("subnetId")];
    if (isText(subnetId)) return [];
    return [violation(`subnetId names no subnet, so the notebook lies in a network of AWS. ${REMEDY}`)];
  },
});
