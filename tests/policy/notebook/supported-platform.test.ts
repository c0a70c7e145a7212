import { supportedPlatform } from "../../../policy/notebook/supported-platform";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(supportedPlatform, {
  pass: [
    { title: "Amazon Linux 2023", type: NOTEBOOK, props: { platformIdentifier: "notebook-al2023-v1" } },
    {
      title: "Amazon Linux 2 with JupyterLab 4",
      type: NOTEBOOK,
      props: { platformIdentifier: "notebook-al2-v3" },
    },
    { title: "a notebook that leaves the platform to the provider", type: NOTEBOOK, props: {} },
    {
      title: "a platform that the settings add",
      type: NATIVE,
      props: { platformIdentifier: "notebook-al2030-v1" },
      settings: { platforms: ["notebook-al2030-v1"] },
    },
  ],
  violate: [
    {
      title: "Amazon Linux 1",
      type: NOTEBOOK,
      props: { platformIdentifier: "notebook-al1-v1" },
      says: /platformIdentifier is "notebook-al1-v1"; allowed are notebook-al2-v3, notebook-al2023-v1\./,
    },
    {
      title: "JupyterLab 3 on Amazon Linux 2",
      type: NATIVE,
      props: { platformIdentifier: "notebook-al2-v2" },
      says: /"notebook-al2-v2"/,
    },
    {
      title: "the provider's default where the settings leave it out",
      type: NOTEBOOK,
      props: {},
      says: /"notebook-al2-v3" \(the provider's default\); allowed are notebook-al2023-v1\./,
      settings: { platforms: ["notebook-al2023-v1"] },
    },
    {
      title: "a wrong setting, beside the platform",
      type: NOTEBOOK,
      props: { platformIdentifier: "notebook-al2023-v1" },
      says: /configuration of notebook-supported-platform is wrong: platforms is not a list/,
      settings: { platforms: ["al2023"] },
    },
  ],
});
