import { lifecycleScripts } from "../../../policy/secrets/lifecycle-scripts";
import { describeRule } from "../../support/rule-cases";
import { SECRET_SAMPLES } from "../../support/secret-samples";

const NOTEBOOK =
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration";
const STUDIO = "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig";

const [, token = ""] = SECRET_SAMPLES.find(([kind]) => kind === "a GitHub token") ?? [];

const base64 = (text: string) => Buffer.from(text).toString("base64");
const innocent = base64("#!/bin/bash\nset -e\npip install --quiet torch==2.5.1\n");
const leaking = base64(`#!/bin/bash\nset -e\ngit clone https://breeds:${token}@github.com/breeds/code\n`);

describeRule(lifecycleScripts, {
  pass: [
    { title: "a notebook's scripts", type: NOTEBOOK, props: { onCreate: innocent, onStart: innocent } },
    { title: "no script", type: NOTEBOOK, props: { name: "idle-stop" } },
    { title: "Studio's script", type: STUDIO, props: { studioLifecycleConfigContent: innocent } },
  ],
  violate: [
    {
      title: "a token on start",
      type: NOTEBOOK,
      props: { onCreate: innocent, onStart: leaking },
      says: /onStart holds what looks like a GitHub token in line 3, .* Keep it in Secrets Manager/,
    },
    {
      title: "a token on creation",
      type: NOTEBOOK,
      props: { onCreate: leaking },
      says: /onCreate holds what looks like a GitHub token in line 3/,
    },
    {
      title: "a token in Studio",
      type: STUDIO,
      props: { studioLifecycleConfigContent: leaking },
      says: /studioLifecycleConfigContent holds .* GitHub token/,
    },
    {
      title: "a script that is no base64, which SageMaker refuses later",
      type: NOTEBOOK,
      props: { onStart: `TOKEN=${token}` },
      says: /onStart holds .* in line 1/,
    },
  ],
  decidedWithout: ["onCreate"],
});
