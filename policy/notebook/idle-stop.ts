import { undecided, violation } from "../findings";
import { isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { notebookReads } from "./reads";

const REMEDY =
  "Set lifecycleConfigName to a lifecycle configuration whose onStart script stops the notebook when it is idle.";

/** That there is a configuration, not what its script does: `notebook-lifecycle-script` looks at the script. */
export const idleStop = resourceRule({
  id: "notebook-idle-stop",
  title: "Notebooks with a lifecycle configuration",
  sentence: "Every notebook instance has a lifecycle configuration, the place where an idle stop belongs.",
  severity: "medium",
  level: "mandatory",
  group: "notebook",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
  reads: notebookReads("lifecycleConfigName"),
  check: ({ properties: { lifecycleConfigName } }) => {
    if (lifecycleConfigName === UNKNOWN) return [undecided("lifecycleConfigName")];
    if (isText(lifecycleConfigName)) return [];
    return [
      violation(
        `lifecycleConfigName names no lifecycle configuration, so nothing stops the notebook, which is paid for by the second while it is in service. ${REMEDY}`,
      ),
    ];
  },
});
