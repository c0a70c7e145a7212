import type { Command } from "commander";

const statusHelp = `
Exit status:
  0    done, or nothing to do
  1    refused: the accuracy is too low, an approval is missing, or a call of AWS failed
  2    wrong arguments, an invalid configuration, or an artifact that cannot be promoted
  3    no credentials, no permission, AWS cannot be reached, or the Pulumi CLI is not installed
  130  Ctrl-C: run it again`;

const promoteHelp = `
The artifact is read whole: every file must be as its manifest says, and it must tell as many classes apart as the model has in the
stack's file. It is stored at models/<sha256>/model.tar.gz of the stack's models bucket, never over another; a record goes to
promotions/; then digest and origin are written into the stack's file. It may be interrupted anywhere and run again.

A model with a registry (models.<name>.registry) has the artifact registered before: one version for each artifact. Where an approval
is required, the digest is not written before somebody else has run \`approve\`; then run the same command again.

Examples:
  sagemaker-ops promote breeds --from single --stack dev
  sagemaker-ops promote breeds --from box --stack dev
  sagemaker-ops promote breeds --from model.tar.gz --stack prod --min-accuracy 0.85
${statusHelp}`;

const approveHelp = `
Without a digest the one artifact that waits is meant. Whoever registered an artifact cannot approve it, only reject it. The decision
stands in the model registry with who made it; another one may be made later. Nothing is deployed by it.

Examples:
  sagemaker-ops approve breeds --stack prod
  sagemaker-ops approve breeds 3f0a5c --reject --comment "Fails on puppies" --stack prod
${statusHelp}`;

const rollbackHelp = `
Without a digest the model goes back to what it had before its last promotion, by the history in the models bucket. That is the same
however often it is run: it may be interrupted anywhere and run again, with --up too. Further back, or forward again, goes a digest.

Examples:
  sagemaker-ops rollback breeds --stack prod
  sagemaker-ops rollback breeds 3f0a5c --stack prod --up
${statusHelp}
  With --up it is Pulumi's status once the file is written: 0, or another number where the update failed`;

const state: readonly [string, string] = [
  "--state <file>",
  "what `pulumi stack export` printed (default: asks the Pulumi CLI)",
];
const outputs: readonly [string, string] = ["--outputs <file>", "what `pulumi stack output --json` printed"];

/** Adds `promote`, `approve` and `rollback`. What they need is loaded when they run. */
export function addPromoteCommands(
  program: Command,
  own: import("./rollback").RollbackProcess = process,
): void {
  program
    .command("promote")
    .description("make an artifact the one that a model is deployed with, in the stack's file")
    .argument("<model>", "model in the stack's file")
    .requiredOption(
      "--from <source>",
      "model.tar.gz, s3://bucket/key, box or box:<run> of the training box, or a training or tuning job by its name in the stack's file or in SageMaker",
    )
    .requiredOption("-s, --stack <name>", "stack whose file is changed: Pulumi.<name>.yaml")
    .option(
      "--min-accuracy <share>",
      "validation accuracy that the artifact must have, 0 to 1; at least the stack file's promotion.minAccuracy",
    )
    .option("--dry-run", "check and show everything; change nothing")
    .option(...state)
    .option(...outputs)
    .option("--json", "print one JSON object")
    .addHelpText("after", promoteHelp)
    .action(async (model: string, options: import("./promote").PromoteOptions) => {
      const { promote } = require("./promote") as typeof import("./promote");
      own.exitCode = await promote(model, options, own);
    });

  program
    .command("approve")
    .description(
      "approve or reject an artifact in the model registry, so that it may be promoted or never is",
    )
    .argument("<model>", "model in the stack's file")
    .argument("[digest]", "digest, or the beginning of one (default: the one that waits)")
    .requiredOption("-s, --stack <name>", "stack that the model is of")
    .option("--reject", "reject it")
    .option("--comment <text>", "why; kept with the decision")
    .option(...state)
    .option(...outputs)
    .option("--json", "print one JSON object")
    .addHelpText("after", approveHelp)
    .action(
      async (model: string, digest: string | undefined, options: import("./approve").ApproveOptions) => {
        const { approve } = require("./approve") as typeof import("./approve");
        own.exitCode = await approve(model, digest, options, own);
      },
    );

  program
    .command("rollback")
    .description("put an earlier digest of a model into the stack's file")
    .argument("<model>", "model in the stack's file")
    .argument("[digest]", "digest to go back to, or the beginning of one (default: the one before)")
    .requiredOption("-s, --stack <name>", "stack whose file is changed: Pulumi.<name>.yaml")
    .option("--dry-run", "show the change; make none, and deploy nothing")
    .option("--up", "deploy the stack afterwards, as `sagemaker-ops up` does")
    .option(...state)
    .option(...outputs)
    .option("--json", "print one JSON object; not with --up")
    .addHelpText("after", rollbackHelp)
    .action(
      async (model: string, digest: string | undefined, options: import("./rollback").RollbackOptions) => {
        const { rollback } = require("./rollback") as typeof import("./rollback");
        own.exitCode = await rollback(model, digest, options, own);
      },
    );
}
