import { kms } from "../../../policy/notebook/kms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(kms, {
  pass: [
    { title: "a key", type: NOTEBOOK, props: { kmsKeyId: "alias/notebooks" } },
    { title: "a key of aws-native", type: NATIVE, props: { kmsKeyId: "alias/notebooks" } },
  ],
  violate: [
    { title: "an empty key", type: NOTEBOOK, props: { kmsKeyId: "" }, says: /kmsKeyId names no key/ },
    { title: "no key", type: NOTEBOOK, props: {}, says: /Set kmsKeyId to a key of the account/ },
    { title: "no key of aws-native", type: NATIVE, props: {}, says: /kmsKeyId names no key/ },
  ],
});
