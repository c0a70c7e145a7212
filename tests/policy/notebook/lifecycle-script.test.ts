import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lifecycleScript } from "../../../policy/notebook/lifecycle-script";
import { diagnose } from "../../support/rule-cases";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const LIFECYCLE =
  "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration";
const NATIVE = "aws-native:sagemaker:NotebookInstanceLifecycleConfig";
const encoded = (script: string) => Buffer.from(script).toString("base64");
const GOOD = encoded("#!/bin/bash\nset -euo pipefail\n");
const LONGEST = encoded(`#!/bin/bash\n${"#".repeat(12_276)}`);

describeRuleWithUnknowns(lifecycleScript, {
  pass: [
    { title: "a configuration without scripts", type: LIFECYCLE, props: { name: "idle" } },
    { title: "shell scripts", type: LIFECYCLE, props: { onCreate: GOOD, onStart: GOOD } },
    { title: "a script of the greatest length", type: LIFECYCLE, props: { onStart: LONGEST } },
    { title: "an empty script, which is none", type: LIFECYCLE, props: { onCreate: "", onStart: null } },
    { title: "hooks of aws-native", type: NATIVE, props: { onStart: [{ content: GOOD }] } },
  ],
  violate: [
    {
      title: "a script without an interpreter",
      type: LIFECYCLE,
      props: { onStart: encoded("echo hello\n") },
      says: /onStart does not begin with #!.*Begin it with #!\/bin\/bash\./,
    },
    {
      title: "a script that is no text",
      type: LIFECYCLE,
      props: { onStart: 17 },
      says: /onStart is no text/,
    },
    {
      title: "a script that is not encoded",
      type: LIFECYCLE,
      props: { onCreate: "#!/bin/bash\n" },
      says: /onCreate is not encoded with base64/,
    },
    {
      title: "a script above the greatest length",
      type: LIFECYCLE,
      props: { onStart: encoded(`#!/bin/bash\n${"#".repeat(12_277)}`) },
      says: /onStart has 16388 encoded characters; AWS takes 16384 at most/,
    },
    {
      title: "Windows line ends",
      type: LIFECYCLE,
      props: { onStart: encoded("#!/bin/bash\r\necho\r\n") },
      says: /onStart has Windows line ends/,
    },
    {
      title: "a hook of aws-native without an interpreter",
      type: NATIVE,
      props: { onStart: [{ content: GOOD }, { content: encoded("echo") }] },
      says: /onStart does not begin with #!/,
    },
  ],
});

describe("notebook-lifecycle-script and what a script holds", () => {
  it("never quotes a script", async () => {
    for (const script of ["TOKEN=hush-hush", "hush-hush", `hush-hush${"h".repeat(17_000)}`]) {
      for (const onStart of [script, encoded(script), [{ content: script }]]) {
        const found = await diagnose(lifecycleScript, { type: LIFECYCLE, props: { onStart } });

        assert.ok(found.length > 0);
        assert.doesNotMatch(found.map(({ message }) => message).join("\n"), /hush/);
      }
    }
  });
});
