import { terminalLayout } from "../../plan/report/layout";
import { awsStatus } from "../core/aws/errors";
import { CommandError } from "../core/exit-status";
import { onStack } from "../core/promote/on-stack";
import { promotionJson, rolledBackText } from "../core/promote/report";
import { rollBack } from "../core/promote/roll-back";
import { clearBeside, writeFile } from "../core/promote/stack-file";
import type { PromoteProcess } from "./promote";

export interface RollbackOptions {
  readonly stack: string;
  readonly dryRun?: boolean;
  readonly up?: boolean;
  readonly outputs?: string;
  readonly state?: string;
  readonly json?: boolean;
}

export interface RollbackProcess extends PromoteProcess {
  /** Deploys the stack; returns Pulumi's exit status. @default - `sagemaker-ops up` */
  readonly deploy?: (stack: string) => Promise<number>;
}

/** Writes an earlier digest of a model into the stack's file; returns the exit status, with `--up` Pulumi's. */
export async function rollback(
  model: string,
  digest: string | undefined,
  options: RollbackOptions,
  own: RollbackProcess = process,
): Promise<number> {
  if (options.json === true && options.up === true)
    throw new CommandError(
      `--json prints one object, and with --up Pulumi prints too. Give --json alone, and run \`npx sagemaker-ops up --stack ${options.stack}\` then.`,
    );
  const dryRun = options.dryRun === true;
  const rolledBack = await onStack(options, own, async ({ clients, declared, contract, folder }) => {
    const made = await rollBack(clients, declared, contract, model, digest);
    if (!dryRun && made.change === undefined) clearBeside(declared.file);
    if (!dryRun && made.change !== undefined) writeFile(made.change, folder, options.stack);
    return made;
  });
  const told = { stack: options.stack, dryRun };
  own.stdout.write(
    options.json === true
      ? promotionJson(rolledBack, told)
      : rolledBackText(rolledBack, told, terminalLayout(own.env, own.stdout)),
  );
  return options.up === true && !dryRun ? (own.deploy ?? deploy)(options.stack) : awsStatus.ok;
}

function deploy(stack: string): Promise<number> {
  const { runPulumi } = require("./pulumi") as typeof import("./pulumi");
  return runPulumi("up", stack, []);
}
