import { idleStop } from "../../../policy/notebook/idle-stop";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(idleStop, {
  pass: [
    { title: "a lifecycle configuration", type: NOTEBOOK, props: { lifecycleConfigName: "idle" } },
    { title: "one of aws-native", type: NATIVE, props: { lifecycleConfigName: "idle" } },
  ],
  violate: [
    {
      title: "an empty name",
      type: NOTEBOOK,
      props: { lifecycleConfigName: "" },
      says: /lifecycleConfigName names no lifecycle configuration/,
    },
    {
      title: "a notebook without one",
      type: NOTEBOOK,
      props: {},
      says: /Set lifecycleConfigName to a lifecycle configuration whose onStart script stops/,
    },
    {
      title: "one of aws-native without one",
      type: NATIVE,
      props: {},
      says: /names no lifecycle configuration/,
    },
  ],
});
