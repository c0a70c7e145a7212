import { noRoot } from "../../../policy/notebook/no-root";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(noRoot, {
  pass: [
    { title: "a notebook without root access", type: NOTEBOOK, props: { rootAccess: "Disabled" } },
    { title: "one of aws-native", type: NATIVE, props: { rootAccess: "Disabled" } },
  ],
  violate: [
    {
      title: "root access",
      type: NOTEBOOK,
      props: { rootAccess: "Enabled" },
      says: /rootAccess is "Enabled"; only "Disabled" is allowed/,
    },
    {
      title: "a notebook that says nothing, which AWS takes for root access",
      type: NOTEBOOK,
      props: {},
      says: /rootAccess is not set, and AWS takes "Enabled" for it/,
    },
    {
      title: "root access of aws-native",
      type: NATIVE,
      props: { rootAccess: "Enabled" },
      says: /is "Enabled"/,
    },
  ],
});
