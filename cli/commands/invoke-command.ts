import type { Command } from "commander";

const invokeHelp = `
Examples:
  sagemaker-ops invoke dog.jpg --local
  sagemaker-ops invoke dog.jpg --endpoint sagemaker-ops-dev-single --labels class_to_idx.json
  sagemaker-ops invoke dogImages/test --function sagemaker-ops-dev-single:live --repeat 10 --concurrency 5

--local runs the function's own code in this process, in front of a serving process (/ping, /invocations); it needs no
account. The time of a request is taken here, so that it has the way to the service and back in it.

Exit status:
  0    every request was answered
  1    some failed
  2    wrong arguments
  3    no credentials, no permission, or the service cannot be reached
  130  Ctrl-C: what was measured so far is shown`;

/** Adds `invoke`. What it needs is loaded when it runs. */
export function addInvokeCommand(program: Command, own: import("./invoke").InvokeProcess = process): void {
  program
    .command("invoke")
    .description("send images, and show the labels with their probabilities and the latency")
    .argument("[image]", "image file, URL that the function fetches, or folder of images")
    .option(
      "--local [url]",
      "the function's code here, in front of a serving process (http://127.0.0.1:8080)",
    )
    .option("--endpoint <name>", "a SageMaker endpoint, without the function before it")
    .option("--function <name>", "a Lambda function: name, name:alias, or ARN")
    .option("-r, --region <region>", "AWS region (default: the profile's)")
    .option("--labels <file>", "JSON list of class names, or a model's class_to_idx.json")
    .option(
      "--classes <count>",
      "how many numbers the model answers, with --local (default: as --labels, else 133)",
    )
    .option("--top <count>", "labels to show (default: 5, of a folder 1)")
    .option("--repeat <count>", "how often to send each image", "1")
    .option("--concurrency <count>", "requests on their way together", "1")
    .option("--log", "show what the function would log, with --local")
    .option("--json", "print one JSON object")
    .addHelpText("after", invokeHelp)
    .action(async (image: string | undefined, options: import("./invoke").InvokeOptions) => {
      const { invoke } = require("./invoke") as typeof import("./invoke");
      own.exitCode = await invoke(image, options, own);
    });
}
