import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { asObject, UNKNOWN } from "../values";

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NotebookInstanceLifecycleHook.html
const MAXIMUM_CHARACTERS = 16_384;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const NAMES = ["onCreate", "onStart"];

/** The scripts may hold anything, so no message quotes them. */
export const lifecycleScript = resourceRule({
  id: "notebook-lifecycle-script",
  title: "Lifecycle scripts that can run",
  sentence:
    "Every lifecycle script is encoded, short enough and written for a shell, so that a notebook with it starts.",
  severity: "medium",
  level: "mandatory",
  group: "notebook",
  remediation:
    "Encode the script with base64, begin it with #!/bin/bash, write it with Unix line ends, and fetch what is long.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html",
  reads: {
    "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": NAMES,
    "aws-native:sagemaker:NotebookInstanceLifecycleConfig": NAMES,
  },
  check: ({ properties }) =>
    NAMES.flatMap((name) =>
      scriptsOf(properties[name]).flatMap((script) =>
        script === UNKNOWN ? [undecided(name)] : judge(name, script),
      ),
    ),
});

// One text in the classic provider, a list of hooks with `content` in aws-native.
function scriptsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value)) return [value];
  return value.map((hook) => (hook === UNKNOWN ? UNKNOWN : (asObject(hook)?.content ?? hook)));
}

function judge(name: string, script: unknown): readonly Finding[] {
  if (typeof script !== "string")
    return [violation(`${name} is no text. Give it the script, encoded with base64.`)];
  if (script.length > MAXIMUM_CHARACTERS) {
    return [
      violation(
        `${name} has ${script.length} encoded characters; AWS takes ${MAXIMUM_CHARACTERS} at most. Fetch the long part from S3, and start it in the background: a script that takes five minutes fails the notebook.`,
      ),
    ];
  }
  if (!BASE64.test(script)) {
    return [violation(`${name} is not encoded with base64, which AWS asks for. Encode the whole script.`)];
  }
  const text = Buffer.from(script, "base64").toString("utf8");
  return [
    ...(text.startsWith("#!")
      ? []
      : [
          violation(
            `${name} does not begin with #!, so no shell is named to run it. Begin it with #!/bin/bash.`,
          ),
        ]),
    ...(text.includes("\r\n")
      ? [violation(`${name} has Windows line ends, at which the shell fails. Save it with Unix line ends.`)]
      : []),
  ];
}
