import { Command, CommanderError, Option } from "commander";
import { ConfigError } from "../infra/config/parse";
import { PlanError } from "../plan/errors";
import { addConnectCommand } from "./commands/connect-command";
import { addDataCommand } from "./commands/data-command";
import { addDoctorCommand } from "./commands/doctor-command";
import { addInvokeCommand } from "./commands/invoke-command";
import { addLocalCommand } from "./commands/local-command";
import { addLogsCommand } from "./commands/logs-command";
import { addOpenCommand } from "./commands/open-command";
import { addPolicyCommand } from "./commands/policy-arguments";
import { addPricesCommand } from "./commands/prices-command";
import { addPromoteCommands } from "./commands/promote-command";
import { addPruneCommand } from "./commands/prune-command";
import { addRecoverCommand } from "./commands/recover-command";
import { addTrainCommand } from "./commands/train-command";
import { addVerifyCommand } from "./commands/verify-command";
import { CommandError, exitStatus } from "./core/exit-status";

interface PlanOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly due?: boolean;
  readonly full?: boolean;
  readonly configFile?: string;
  readonly program?: string;
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
  readonly fixtures?: string;
}

const statusHelp = `
Exit status:
  0  done; of a plan or preview: no mandatory policy is violated
  1  a mandatory policy is violated, or Pulumi failed
  2  wrong arguments, an invalid configuration, or a program that failed
  3  the Pulumi CLI is not installed (preview, up)`;

function program(): Command {
  const command = new Command("sagemaker-ops")
    .description(
      "Image classifiers on SageMaker: planned offline, deployed with Pulumi, held to a policy pack",
    )
    .addHelpText("after", statusHelp)
    .showHelpAfterError("(sagemaker-ops --help lists the commands)")
    .exitOverride();

  command
    .command("plan")
    .description(
      "show what a stack would create, what the policies say, who may do what and what it costs; offline",
    )
    .option("-s, --stack <name>", "stack to plan: Pulumi.<name>.yaml", "dev")
    .option("--json", "print one JSON object (docs/schemas/plan.schema.json)")
    .option("--full", "show every resource, whole ARNs, and where each price was listed")
    .option("--due", "leave out what waits for data or for a promoted model, as `up` does")
    .option("--config-file <file>", "stack file to use instead of Pulumi.<stack>.yaml")
    .option("--program <dir>", "folder of another Pulumi program")
    .option("--policy-pack <dir>", "folder of another policy pack")
    .option("--policy-pack-config <file>", "configuration of the policies, as for `pulumi preview`")
    .option("--fixtures <file>", "JSON with answers to invokes and stack references")
    .addHelpText("after", statusHelp)
    .action(async (options: PlanOptions) => {
      const { plan } = require("./commands/plan") as typeof import("./commands/plan");
      process.exitCode = await plan(options);
    });

  for (const [name, description] of [
    ["preview", "pulumi preview with the policy pack and the stack's ceilings"],
    ["up", "pulumi up with the policy pack and the stack's ceilings"],
  ] as const) {
    const operation = command
      .command(name)
      .description(description)
      .addOption(new Option("-s, --stack <name>", "stack to work on").makeOptionMandatory())
      .argument("[pulumi-arguments...]", "passed on to Pulumi; put -- before them")
      .addHelpText("after", statusHelp)
      .action(
        async (rest: string[], { stack, failUndecided }: { stack: string; failUndecided?: boolean }) => {
          const { runPulumi } = require("./commands/pulumi") as typeof import("./commands/pulumi");
          process.exitCode = await runPulumi(name, stack, rest, { failUndecided: failUndecided === true });
        },
      );
    if (name === "preview") {
      operation.option(
        "--fail-undecided",
        "end with status 1 where a mandatory policy could not decide, as `policy undecided` tells it",
      );
    }
  }
  addConnectCommand(command);
  addDataCommand(command);
  addDoctorCommand(command);
  addInvokeCommand(command);
  addLocalCommand(command);
  addLogsCommand(command);
  addOpenCommand(command);
  addPolicyCommand(command);
  addPricesCommand(command);
  addPromoteCommands(command);
  addPruneCommand(command);
  addRecoverCommand(command);
  addTrainCommand(command);
  addVerifyCommand(command);
  return command;
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = statusOf(error);
  }
}

/** Errors that people can mend print their message only; anything else is a defect of ours and shows its stack. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.invalid;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.status;
  }
  if (error instanceof ConfigError || error instanceof PlanError) {
    console.error(error.message);
    return exitStatus.invalid;
  }
  console.error(error);
  return exitStatus.invalid;
}

void main();
