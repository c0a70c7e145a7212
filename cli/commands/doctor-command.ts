import type { Command } from "commander";

const doctorHelp = `
Looks at this computer's tools, credentials, account, region and clock; quotas against what the stack needs in its worst moment;
Lambda's concurrency; roles that AWS makes for itself; container and machine images and until when they are mended; the age of
prices; what roles may do and have not done; and what carries the project's tag and is in no stack. Nothing is changed. What cannot be
looked at is said, with the reason. docs/doctor.md has every check with the permission that it needs.

Examples:
  sagemaker-ops doctor --stack dev
  sagemaker-ops doctor --stack prod --days 180 --json
  sagemaker-ops doctor --stack dev --offline

Exit status:
  0  no problem; there may be warnings
  1  a problem
  2  wrong arguments, or an invalid configuration
  3  AWS could not be asked: no credentials, or it was not reached; what needs no AWS is printed all the same`;

/** Adds `doctor`. What it needs is loaded when it runs. */
export function addDoctorCommand(program: Command, own: import("./doctor").DoctorProcess = process): void {
  program
    .command("doctor")
    .description(
      "find what would keep a stack from working: tools, credentials, quotas, images, roles, leftovers",
    )
    .requiredOption("-s, --stack <name>", "stack to look at: Pulumi.<name>.yaml")
    .option("--offline", "ask AWS nothing")
    .option("--days <days>", "tell permissions that were not used for so long, 1 to 400", "90")
    .option("--state <file>", "what `pulumi stack export` printed (default: asks the Pulumi CLI)")
    .option("--outputs <file>", "what `pulumi stack output --json` printed, where the state cannot be had")
    .option("--json", "print one JSON object")
    .addHelpText("after", doctorHelp)
    .action(async (options: import("./doctor").DoctorOptions) => {
      const { doctor } = require("./doctor") as typeof import("./doctor");
      own.exitCode = await doctor(options, own);
    });
}
