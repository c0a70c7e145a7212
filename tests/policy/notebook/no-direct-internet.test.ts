import { noDirectInternet } from "../../../policy/notebook/no-direct-internet";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(noDirectInternet, {
  pass: [
    {
      title: "a notebook without direct access",
      type: NOTEBOOK,
      props: { directInternetAccess: "Disabled" },
    },
    { title: "one of aws-native", type: NATIVE, props: { directInternetAccess: "Disabled" } },
  ],
  violate: [
    {
      title: "direct access",
      type: NOTEBOOK,
      props: { directInternetAccess: "Enabled" },
      says: /directInternetAccess is "Enabled"; only "Disabled" is allowed\. Put the notebook in a VPC/,
    },
    {
      title: "a notebook that says nothing, which AWS takes for direct access",
      type: NOTEBOOK,
      props: { subnetId: "subnet-1" },
      says: /directInternetAccess is not set, and AWS takes "Enabled" for it/,
    },
    {
      title: "a word that AWS does not know",
      type: NOTEBOOK,
      props: { directInternetAccess: "disabled" },
      says: /is "disabled"; only "Disabled"/,
    },
    {
      title: "direct access of aws-native",
      type: NATIVE,
      props: { directInternetAccess: "Enabled" },
      says: /is "Enabled"/,
    },
  ],
});
