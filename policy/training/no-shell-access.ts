import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { TRAINING } from "./jobs";

const PATH = "remoteDebugConfig.enableRemoteDebug";

/** Tuning jobs have no such switch. */
export const noShellAccess = resourceRule({
  id: "training-no-shell-access",
  title: "Training containers without a shell from outside",
  sentence: "Nobody can open a session inside a training container, with the job's role and data in reach.",
  severity: "high",
  level: "production",
  group: "training",
  remediation: `Leave ${PATH} out, and debug in an environment without real data.`,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/train-remote-debugging.html",
  reads: { [TRAINING]: ["remoteDebugConfig"] },
  check: ({ properties }) => {
    const value = at(properties, PATH);
    const open = truth(value);
    if (open === "false" || open === "missing") return [];
    if (open === "unknown") return [undecided(PATH)];
    return [
      violation(`${PATH} is ${shown(value)}, so a session can be opened inside the job. Leave it out.`),
    ];
  },
});
