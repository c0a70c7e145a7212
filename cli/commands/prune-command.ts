import type { Command } from "commander";

const pruneHelp = `
What is looked at: endpoint configurations and models that updates have left behind, artifacts in the models bucket, and log
groups of endpoints and functions that are gone. Never deleted: what an endpoint names or is being moved to, in whatever state
it is; what another model, configuration, component or job uses; what a model package names that is not rejected; what is promoted,
in the stack's state or in its outputs; the newest of each kind (--keep); what was made within the hour, of artifacts within the
day; anything without this stack's tag.

Where the stack has no outputs, as after \`destroy\`, --yes wants --account: nothing else tells which account it was deployed in.

It may be interrupted anywhere and run again. docs/operate.md has the permissions that it needs.

Examples:
  sagemaker-ops prune --stack dev
  sagemaker-ops prune --stack dev --keep 1 --yes
  sagemaker-ops prune --stack dev --keep 0 --yes --account 123456789012

Exit status:
  0    done; of a dry run: looked at
  1    something could not be deleted
  2    wrong arguments, or an invalid configuration
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C: run it again`;

/** Adds `prune`. What it needs is loaded when it runs. */
export function addPruneCommand(program: Command, own: import("./prune").PruneProcess = process): void {
  program
    .command("prune")
    .description("show what a stack has left behind and nothing uses; delete it with --yes")
    .requiredOption("-s, --stack <name>", "stack to look at: Pulumi.<name>.yaml")
    .option("--keep <count>", "how many stay of each kind, newest first, used or not", "3")
    .option("--yes", "delete; without it nothing is changed")
    .option(
      "--account <id>",
      "AWS account that the stack was deployed in, 12 digits (default: its outputs tell)",
    )
    .option("--state <file>", "what `pulumi stack export` printed (default: asks the Pulumi CLI)")
    .option("--outputs <file>", "what `pulumi stack output --json` printed, where the state cannot be had")
    .option("--json", "print one JSON object")
    .addHelpText("after", pruneHelp)
    .action(async (options: import("./prune").PruneOptions) => {
      const { prune } = require("./prune") as typeof import("./prune");
      own.exitCode = await prune(options, own);
    });
}
