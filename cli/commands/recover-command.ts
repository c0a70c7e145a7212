import type { Command } from "commander";

const recoverHelp = `
Examples:
  sagemaker-ops recover --stack dev
  sagemaker-ops recover --stack dev --yes
  sagemaker-ops recover --stack prod --yes --made network-vpc=vpc-0abc --not-made storage-key

Run it after a deployment was killed: when Pulumi says that the stack is locked, or that operations are pending. It frees the
stack, and looks up every creation that Pulumi had begun, so that what AWS has made is neither lost nor made twice. It changes
nothing in AWS, and keeps a copy of the state. Without --yes it only tells what it would do.

Exit status:
  0    recovered, or nothing to do
  1    something that was found is not this stack's, or Pulumi failed
  2    wrong arguments, a state of unknown form, or something that only a person can look up
  3    the Pulumi CLI is not installed, or AWS takes no credentials
  130  Ctrl-C: run it again`;

/** Adds `recover`. What it needs is loaded when it runs. */
export function addRecoverCommand(program: Command, own: import("./recover").RecoverProcess = process): void {
  program
    .command("recover")
    .description("bring a stack whose deployment was killed back to a state that can be deployed")
    .requiredOption("-s, --stack <name>", "stack to recover")
    .option("--yes", "do it: no deployment of this stack is running")
    .option("--made <name=id...>", "AWS has made this resource; its id as `pulumi import` takes it")
    .option("--not-made <name...>", "AWS has not made this resource")
    .addHelpText("after", recoverHelp)
    .action(async (options: import("./recover").RecoverOptions) => {
      const { recoverStack } = require("./recover") as typeof import("./recover");
      own.exitCode = await recoverStack(options, own);
    });
}
