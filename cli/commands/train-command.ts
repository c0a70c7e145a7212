import { type Command, Option } from "commander";
import type { OperateProcess } from "../core/operate/process";

const statusHelp = `
Exit status:
  0  done, whatever the jobs' own states
  1  AWS answered a call with another error than those of 3
  2  wrong arguments, or an invalid configuration
  3  no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed`;

const waitHelp = `
Only Completed is success. Of a job that failed or was stopped the reason, its probable cause, what to do and the last lines
of its log are shown. Progress goes to stderr: one block that is redrawn on a terminal, elsewhere a line for each change, and
every five minutes without one.
Throttling, errors of the service, a lost network and credentials that expire are waited out for a quarter of an hour.

Exit status:
  0    every job completed
  1    a job failed, was stopped, or does not exist, or AWS answered a call with another error than those of 3
  2    wrong arguments, an invalid configuration, or nothing to wait for
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C (143: SIGTERM): the jobs go on, and the same command waits again`;

const logsHelp = `
Lines of all instances in the order of time; with several instances each line names its own. With --follow it ends once the
job has ended. Lines that CloudWatch takes more than two minutes late may be missed by --follow, never without it.

Exit status:
  0    done
  1    there is no such job, or AWS answered a call with another error than those of 3
  2    wrong arguments, an invalid configuration, or a tuning job, whose trials have the logs
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C`;

const reportHelp = `
A table on the terminal; with --out also report.html (needs no other file), report.json, trials.csv, epochs.csv and each plot
as SVG, readable in light and dark. The best trial is the one with the best final value of the search's own objective, in its
own direction, among those that completed; of equal ones the one that was begun first.

Examples:
  sagemaker-ops train report --stack dev
  sagemaker-ops train report search --stack dev --out report

Exit status:
  0  done
  1  there is no such job, it has ended and nothing of it completed, or AWS answered a call with another error than those of 3
  2  wrong arguments, or an invalid configuration
  3  no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed`;

/** Adds `train`. What each command needs is loaded when it runs. */
export function addTrainCommand(program: Command, own: OperateProcess = process): void {
  const train = program
    .command("train")
    .description("watch training and tuning jobs, read their logs, compare trials");

  stackOptions(
    train
      .command("status")
      .description("every declared job: state, epoch, metrics, time, cost so far, time left"),
  )
    .option("--json", "print one JSON object")
    .addHelpText("after", statusHelp)
    .action(async (options: import("./train-status").TrainStatusOptions) => {
      const { trainStatus } = require("./train-status") as typeof import("./train-status");
      own.exitCode = await trainStatus(options, own);
    });

  stackOptions(
    train
      .command("wait")
      .description("wait until a job, or every job of the stack, has ended")
      .argument("[job]", "its name in the stack file, or in SageMaker"),
  )
    .option("--json", "print one JSON object at the end")
    .addHelpText("after", waitHelp)
    .action(async (job: string | undefined, options: import("./train-wait").TrainWaitOptions) => {
      const { trainWait } = require("./train-wait") as typeof import("./train-wait");
      own.exitCode = await trainWait(job, options, own);
    });

  logOptions(
    train
      .command("logs")
      .description("a training job's log, or that of a trial")
      .argument("<job>", "its name in the stack file, or in SageMaker"),
    "how far to look back, as 30m, 2h or 7d (default: everything)",
  )
    .addHelpText("after", logsHelp)
    .action(async (job: string, options: import("./logs").LogsOptions) => {
      const { jobLogs } = require("./logs") as typeof import("./logs");
      own.exitCode = await jobLogs(job, options, own);
    });

  stackOptions(
    train
      .command("report")
      .description("compare the trials of a tuning job, or tell the epochs of a job; write tables and plots")
      .argument(
        "[job]",
        "its name in the stack file, or in SageMaker (default: the stack's only tuning job)",
      ),
  )
    .option("--out <folder>", "also write tables and plots there")
    .option("--json", "print one JSON object")
    .addHelpText("after", reportHelp)
    .action(async (job: string | undefined, options: import("./train-report").TrainReportOptions) => {
      const { trainReport } = require("./train-report") as typeof import("./train-report");
      own.exitCode = await trainReport(job, options, own);
    });
}

/** What every command that reads a log takes. */
export function logOptions(command: Command, since: string): Command {
  return stackOptions(command)
    .option("-f, --follow", "go on with new lines")
    .option("--since <duration>", since);
}

/** What every command that works on a deployed stack takes. */
export function stackOptions(command: Command): Command {
  return command
    .addOption(new Option("-s, --stack <name>", "stack: Pulumi.<name>.yaml").makeOptionMandatory())
    .option("--state <file>", "what `pulumi stack export` printed (default: asks the Pulumi CLI)")
    .option("--outputs <file>", "what `pulumi stack output --json` printed, where the state cannot be had");
}
