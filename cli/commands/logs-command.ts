import type { Command } from "commander";
import type { OperateProcess } from "../core/operate/process";
import { logOptions } from "./train-command";

const logsHelp = `
Lines of all instances in the order of time; with several instances each line names its own. An endpoint that could not be made has a log
too: it often says why.

Exit status:
  0    done
  1    AWS answered a call with another error than those of 3
  2    wrong arguments, an invalid configuration, or no such endpoint
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C, which is how --follow ends`;

/** Adds `logs`. What it needs is loaded when it runs. */
export function addLogsCommand(program: Command, own: OperateProcess = process): void {
  logOptions(
    program
      .command("logs")
      .description("the log of an endpoint's containers")
      .argument("<endpoint>", "its name in the stack file, or in SageMaker"),
    "how far to look back, as 30m, 2h or 7d (default: 1h)",
  )
    .addHelpText("after", logsHelp)
    .action(async (endpoint: string, options: import("./logs").LogsOptions) => {
      const { endpointLogs } = require("./logs") as typeof import("./logs");
      own.exitCode = await endpointLogs(endpoint, options, own);
    });
}
