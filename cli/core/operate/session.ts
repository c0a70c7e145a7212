import type { Naming } from "../../../infra/rules/naming";
import { requireAccount } from "../aws/account-check";
import { closeClients } from "../aws/clients";
import { type DeployedStack, type DeployedStackSource, readDeployedStack } from "../aws/deployed-stack";
import { type DeclaredStack, readDeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { projectRoot } from "../project-root";
import { type OperateClients, operateClients } from "./clients";
import type { OperateProcess } from "./process";
import { ServerClock } from "./server-clock";

export interface StackOptions extends DeployedStackSource {
  readonly stack: string;
}

/** A stack as it is declared and as it is deployed. */
export interface KnownStack {
  readonly declared: DeclaredStack;
  readonly deployed: DeployedStack;
  readonly region: string;
  /** `<project>/<environment>`. */
  readonly title: string;
}

/** A stack, and clients to ask AWS about it. */
export interface Session extends KnownStack {
  readonly clients: OperateClients;
  readonly clock: ServerClock;
  /** Clients with credentials that are read anew. */
  renew(): OperateClients;
  close(): void;
}

/**
 * @throws CommandError where the stack's state cannot be had, or is that of another stack.
 */
export function knownStack(options: StackOptions, own: Pick<OperateProcess, "folder">): KnownStack {
  const folder = own.folder ?? projectRoot;
  const declared = readDeclaredStack(folder, options.stack);
  const deployed = readDeployedStack(folder, options.stack, options);
  const { region } = declared.config;
  const title = titleOf(declared.naming);
  const { contract } = deployed;
  if (contract !== undefined && contract.stack !== title)
    throw new CommandError(
      `The outputs are of ${contract.stack}, and Pulumi.${options.stack}.yaml declares ${title}. Give the outputs of the same stack.`,
    );
  if (contract !== undefined && contract.region !== region)
    throw new CommandError(
      `The stack is deployed in ${contract.region}, and Pulumi.${options.stack}.yaml says aws:region is ${region}. Use the file that it was deployed with.`,
    );
  return { declared, deployed, region, title };
}

export function openSession(
  known: KnownStack,
  { clientOptions, monotonic }: Pick<OperateProcess, "clientOptions" | "monotonic">,
): Session {
  const clock = new ServerClock(monotonic);
  const open = () => operateClients(known.region, clientOptions, clock).clients;
  let clients = open();
  return {
    ...known,
    get clients() {
      return clients;
    },
    clock,
    renew: () => {
      closeClients({ ...clients });
      clients = open();
      return clients;
    },
    close: () => closeClients({ ...clients }),
  };
}

/** @throws CommandError where the credentials are of another account than the stack. */
export async function requireStackAccount({ clients, deployed }: Session): Promise<void> {
  await requireAccount(clients, deployed.contract?.accountId);
}

function titleOf({ project, environment }: Naming): string {
  return `${project}/${environment}`;
}
