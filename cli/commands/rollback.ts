import { terminalLayout } from "../../plan/report/layout";
import { requireAccount, requireSameStack } from "../core/aws/account-check";
import { awsClients, closeClients } from "../core/aws/clients";
import { readDeployedStack } from "../core/aws/deployed-stack";
import { awsStatus } from "../core/aws/errors";
import { readDeclaredStack } from "../core/aws/stack-config";
import { projectRoot } from "../core/project-root";
import { promotionJson, rolledBackText } from "../core/promote/report";
import { rollBack } from "../core/promote/roll-back";
import { writeFile } from "../core/promote/stack-file";
import { notDeployed, type PromoteProcess } from "./promote";

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

/** Writes an earlier digest of a model into the stack's file; returns the exit status. */
export async function rollback(
  model: string,
  digest: string | undefined,
  options: RollbackOptions,
  own: RollbackProcess = process,
): Promise<number> {
  const folder = own.folder ?? projectRoot;
  const declared = readDeclaredStack(folder, options.stack);
  const { contract } = readDeployedStack(folder, options.stack, options);
  if (contract === undefined) throw notDeployed(options.stack);
  requireSameStack(declared, contract);

  const dryRun = options.dryRun === true;
  const clients = awsClients(contract.region, own.clientOptions);
  try {
    await requireAccount(clients, contract.accountId);
    const rolledBack = await rollBack(clients, declared, contract.buckets.models, model, digest);
    if (!dryRun) writeFile(rolledBack.change, folder, options.stack);
    const told = { stack: options.stack, dryRun };
    own.stdout.write(
      options.json === true
        ? promotionJson(rolledBack, told)
        : rolledBackText(rolledBack, told, terminalLayout(own.env, own.stdout)),
    );
  } finally {
    closeClients({ ...clients });
  }
  return options.up === true && !dryRun ? (own.deploy ?? deploy)(options.stack) : awsStatus.ok;
}

function deploy(stack: string): Promise<number> {
  const { runPulumi } = require("./pulumi") as typeof import("./pulumi");
  return runPulumi("up", stack, []);
}
