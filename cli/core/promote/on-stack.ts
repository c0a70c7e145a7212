import type { Contract } from "../../../infra/outputs";
import { requireAccount, requireSameStack } from "../aws/account-check";
import { type AwsClients, awsClients, type ClientOptions, closeClients } from "../aws/clients";
import { type DeployedStackSource, readDeployedStack } from "../aws/deployed-stack";
import { type DeclaredStack, readDeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import { listen } from "../operate/clients";
import { ServerClock } from "../operate/server-clock";
import { projectRoot } from "../project-root";

/** A stack that is declared and deployed, and clients with credentials of its account. */
export interface OpenStack {
  /** Folder of the Pulumi project. */
  readonly folder: string;
  readonly declared: DeclaredStack;
  readonly contract: Contract;
  readonly clients: AwsClients;
  /** It has heard AWS once: what is recorded with a wrong clock of this computer would be out of order. */
  readonly clock: ServerClock;
}

/**
 * What `body` makes of a stack; the connections are closed then.
 *
 * @throws CommandError where the stack is not deployed, or is not the one that file, outputs and credentials are of.
 */
export async function onStack<T>(
  options: DeployedStackSource & { readonly stack: string },
  {
    folder = projectRoot,
    clientOptions,
  }: { readonly folder?: string; readonly clientOptions?: ClientOptions },
  body: (open: OpenStack) => Promise<T>,
): Promise<T> {
  const declared = readDeclaredStack(folder, options.stack);
  const { contract } = readDeployedStack(folder, options.stack, options);
  if (contract === undefined) throw notDeployed(options.stack);
  requireSameStack(declared, contract);

  const clients = awsClients(contract.region, clientOptions);
  const clock = new ServerClock();
  for (const client of Object.values(clients)) listen(client, clock);
  try {
    await requireAccount(clients, contract.accountId);
    return await body({ folder, declared, contract, clients, clock });
  } finally {
    closeClients({ ...clients });
  }
}

/** The bucket that artifacts lie in is made by the stack's first update. */
function notDeployed(stack: string): CommandError {
  return new CommandError(
    `The stack ${stack} has no outputs, and so no models bucket: it was never deployed. Run \`npx sagemaker-ops up --stack ${stack}\` first.`,
  );
}
