import type { Command } from "commander";

const verifyHelp = `
For each endpoint that is due: it is deployed as promoted, and with a model registry as approved; it is InService; the configuration
that answers is the one that the state wants; the container and the function's alias name the promoted digest in their answers;
golden images get their golden answers; there are as many instances as the minimum; its alarms are there, and none is raised. None
is deployed that the stack's file does not want. The endpoint and the function are sent a real request each. It may be interrupted
and run again.

Examples:
  sagemaker-ops verify --stack dev --wait
  sagemaker-ops verify --stack prod --golden golden/breeds.json --json

Exit status:
  0    everything that was checked holds, or no endpoint is due
  1    something does not hold; the table, or --json, has a verdict for each finding
  2    wrong arguments, or an invalid configuration
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C: run it again`;

/** Adds `verify`. What it needs is loaded when it runs. */
export function addVerifyCommand(program: Command, own: import("./verify").VerifyProcess = process): void {
  program
    .command("verify")
    .description("prove that the promoted model is what answers, through every endpoint of a stack")
    .requiredOption("-s, --stack <name>", "stack to verify: Pulumi.<name>.yaml")
    .option("--wait", "wait for endpoints that are being created or changed")
    .option("--timeout-minutes <minutes>", "how long to wait, all endpoints together", "90")
    .option("--golden <file>", "images with the answers that they must get (docs/operate.md)")
    .option("--state <file>", "what `pulumi stack export` printed (default: asks the Pulumi CLI)")
    .option("--outputs <file>", "what `pulumi stack output --json` printed, where the state cannot be had")
    .option("--json", "print one JSON object")
    .addHelpText("after", verifyHelp)
    .action(async (options: import("./verify").VerifyOptions) => {
      const { verify } = require("./verify") as typeof import("./verify");
      own.exitCode = await verify(options, own);
    });
}
