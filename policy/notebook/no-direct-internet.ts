import { undecided, violation } from "../findings";
import { shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const REMEDY =
  'Put the notebook in a VPC (subnetId, securityGroups) and set directInternetAccess to "Disabled". AWS refuses "Disabled" without a subnet.';

/** Not mandatory everywhere: without a VPC, as while trying things out, AWS allows nothing but direct access. */
export const noDirectInternet = resourceRule({
  id: "notebook-no-direct-internet",
  title: "Notebooks without direct internet access",
  sentence: "No notebook instance reaches the internet past the network's own routes and rules.",
  severity: "high",
  level: "production",
  group: "notebook",
  standards: ["SageMaker.1"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html",
  reads: notebookReads("directInternetAccess"),
  check: ({ properties: { directInternetAccess: value } }) => {
    if (value === "Disabled") return [];
    if (value === UNKNOWN) return [undecided("directInternetAccess")];
    const meaning = value === undefined || value === null ? ', and AWS takes "Enabled" for it' : "";
    return [
      violation(`directInternetAccess is ${shown(value)}${meaning}; only "Disabled" is allowed. ${REMEDY}`),
    ];
  },
});
