import { inVpc } from "../../../policy/notebook/in-vpc";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(inVpc, {
  pass: [
    { title: "a notebook in a subnet", type: NOTEBOOK, props: { subnetId: "subnet-1" } },
    { title: "one of aws-native", type: NATIVE, props: { subnetId: "subnet-1" } },
  ],
  violate: [
    { title: "an empty subnet", type: NOTEBOOK, props: { subnetId: "" }, says: /subnetId names no subnet/ },
    {
      title: "a notebook without a subnet",
      type: NOTEBOOK,
      props: { securityGroups: ["sg-1"] },
      says: /Set subnetId to a private subnet/,
    },
    { title: "one of aws-native", type: NATIVE, props: {}, says: /subnetId names no subnet/ },
  ],
});
