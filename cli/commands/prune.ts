import { terminalLayout } from "../../plan/report/layout";
import { requireAccount, requireSameStack } from "../core/aws/account-check";
import { awsClients, type ClientOptions, closeClients } from "../core/aws/clients";
import { type DeployedStack, readDeployedStack } from "../core/aws/deployed-stack";
import { awsStatus } from "../core/aws/errors";
import { readDeclaredStack } from "../core/aws/stack-config";
import { CommandError } from "../core/exit-status";
import { listen } from "../core/operate/clients";
import { ServerClock } from "../core/operate/server-clock";
import { projectRoot } from "../core/project-root";
import { carryOut } from "../core/prune/carry-out";
import { decide } from "../core/prune/decide";
import { lookAt } from "../core/prune/look";
import { protectionOf, pruneNotes } from "../core/prune/protection";
import { pruneJson, pruneText } from "../core/prune/report";

export interface PruneOptions {
  readonly stack: string;
  readonly keep: string;
  readonly yes?: boolean;
  readonly account?: string;
  readonly outputs?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** What the command reads and writes of its process; tests give their own. */
export interface PruneProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  exitCode?: number | string | null | undefined;
}

/** Without a state nobody knows which configuration the next update wants: it is the newest, or the one before. */
const leastKeptWithoutState = 2;

/** Shows what nothing uses any more, and with `--yes` deletes it; returns the exit status. */
export async function prune(options: PruneOptions, own: PruneProcess = process): Promise<number> {
  const keep = countOf(options.keep);
  const folder = own.folder ?? projectRoot;
  const declared = readDeclaredStack(folder, options.stack);
  const deployed = readDeployedStack(folder, options.stack, options);
  requireSameStack(declared, deployed.contract);
  requireSafe(keep, deployed);
  const accountId = accountOf(options, deployed);

  const { region } = declared.config;
  const clients = awsClients(region, own.clientOptions);
  const clock = new ServerClock();
  for (const client of Object.values(clients)) listen(client, clock);
  try {
    const asked = await requireAccount(clients, accountId);
    const modelsBucketName = deployed.contract?.buckets.models;
    const look = lookAt(clients, { ...declared, modelsBucketName }, progressOn(own.stderr, "Looking at"));
    const account = await look.whole();
    const protection = () =>
      protectionOf(readDeclaredStack(folder, options.stack), deployed, keep, new Date(clock.now()));
    const decisions = decide(account, protection());

    const deleted = progressOn(own.stderr, "Deleted");
    const carriedOut =
      options.yes === true
        ? await carryOut(clients, look, decisions, protection, ({ decision }) => deleted(decision.name))
        : undefined;
    clearProgress(own.stderr);
    const report = {
      stackTag: protection().stackTag,
      region,
      decisions,
      outcomes: carriedOut?.outcomes,
      notes: [...pruneNotes(deployed), ...(accountId === undefined ? [unknownAccount(asked)] : [])],
    };
    own.stdout.write(
      options.json === true ? pruneJson(report) : pruneText(report, terminalLayout(own.env, own.stdout)),
    );
    if (carriedOut?.stoppedBy !== undefined) throw carriedOut.stoppedBy;
    return carriedOut?.outcomes.some(({ kind }) => kind === "failed") === true
      ? awsStatus.failed
      : awsStatus.ok;
  } catch (error) {
    clearProgress(own.stderr);
    throw error;
  } finally {
    closeClients({ ...clients });
  }
}

function requireSafe(keep: number, { resources }: DeployedStack): void {
  if (resources === undefined && keep < leastKeptWithoutState)
    throw new CommandError(
      `--keep is ${keep}; with --outputs it must be at least ${leastKeptWithoutState}, as outputs do not tell which configuration the stack's state names. Give --state with what \`pulumi stack export\` prints instead.`,
    );
}

/**
 * Account that the stack is deployed in; after its end that of the option. Names and tags of a stack repeat where another account has
 * the same environment, so that nothing is deleted on the credentials' word alone.
 */
function accountOf({ account, yes, stack }: PruneOptions, { contract }: DeployedStack): string | undefined {
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new CommandError(
      `--account is ${JSON.stringify(account)}; it must be the 12 digits of an AWS account.`,
    );
  const deployed = contract?.accountId;
  if (account !== undefined && deployed !== undefined && account !== deployed)
    throw new CommandError(
      `--account is ${account}, and the stack ${stack} is deployed in ${deployed}. Leave the option out, or name the stack of that account.`,
    );
  const known = deployed ?? account;
  if (known === undefined && yes === true)
    throw new CommandError(
      `Nothing tells which AWS account the stack ${stack} was deployed in, as it has no outputs. Say it with --account; without --yes the command shows what it finds with these credentials.`,
    );
  return known;
}

function unknownAccount(asked: string): string {
  return `The state does not tell which AWS account it was deployed in; these things are of ${asked}. If it was that one, --account ${asked} lets --yes delete them.`;
}

function countOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 1000) return value;
  throw new CommandError(`--keep is ${JSON.stringify(text)}; it must be a whole number from 0 to 1000.`);
}

/** One line that is written over, on a terminal; nothing elsewhere. */
function progressOn(stream: PruneProcess["stderr"], verb: string): (what: string) => void {
  return (what) => {
    if (stream.isTTY === true) stream.write(`\r${verb} ${what}\u001b[K`);
  };
}

function clearProgress(stream: PruneProcess["stderr"]): void {
  if (stream.isTTY === true) stream.write("\r\u001b[K");
}
