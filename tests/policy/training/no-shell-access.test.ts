import { noShellAccess } from "../../../policy/training/no-shell-access";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";

describeRuleWithUnknowns(noShellAccess, {
  pass: [
    { title: "a job that says nothing", type: TRAINING, props: {} },
    {
      title: "access switched off",
      type: TRAINING,
      props: { remoteDebugConfig: { enableRemoteDebug: false } },
    },
  ],
  violate: [
    {
      title: "remote debugging",
      type: TRAINING,
      props: { remoteDebugConfig: { enableRemoteDebug: true } },
      says: /remoteDebugConfig\.enableRemoteDebug is true, so a session can be opened inside the job\. Leave it out/,
    },
  ],
});
