import { type Command, Option } from "commander";

const checkStatus = `
Exit status:
  0  sound; warnings may be told
  1  something in it is wrong, or an exemption has ended
  2  wrong arguments, or the file cannot be read`;

const undecidedStatus = `
Reads one of
  the event log of the Pulumi CLI: pulumi preview --json with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true, or --event-log
  the output of sagemaker-ops plan --json
The level of a rule comes from --stack, from --policy-pack-config, or is the rule's own.

Exit status:
  0  every mandatory rule has decided
  1  a mandatory rule could not decide about a resource, or could not run
  2  wrong arguments, or a file without verdicts of the pack`;

/** Declares `sagemaker-ops policy …`; what a command does is loaded when it runs. */
export function addPolicyCommand(program: Command): void {
  const policy = program.command("policy").description("configuration and verdicts of the policy pack");

  policy
    .command("check-config")
    .description("tell everything that is wrong with a --policy-pack-config file")
    .argument("<file>", "JSON file")
    .option("--json", "print one JSON object: errors, endedExemptions, warnings")
    .addHelpText("after", checkStatus)
    .action((file: string, options: { json?: boolean }) => {
      const { checkConfig } = require("./policy") as typeof import("./policy");
      process.exitCode = checkConfig(file, options);
    });

  policy
    .command("undecided")
    .description("fail where a preview left a mandatory rule undecided")
    .argument("[file]", "event log or plan; - is standard input", "-")
    .option("--json", "print one JSON object: undecided, stackAnalyzed")
    .addOption(new Option("-s, --stack <name>", "stack of this project whose levels apply"))
    .addOption(
      new Option("--policy-pack-config <file>", "configuration the preview was run with").conflicts("stack"),
    )
    .addOption(
      new Option("--production", "levels of profiles/production.json").conflicts([
        "stack",
        "policyPackConfig",
      ]),
    )
    .option("--allow <rules...>", "rules that may be undecided")
    .addHelpText("after", undecidedStatus)
    .action(async (file: string, options: object) => {
      const { undecided } = require("./policy") as typeof import("./policy");
      process.exitCode = await undecided(file, options);
    });
}
