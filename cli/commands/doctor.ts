import { terminalLayout } from "../../plan/report/layout";
import { requireSameStack } from "../core/aws/account-check";
import type { ClientOptions } from "../core/aws/clients";
import { type DeployedStack, readDeployedStack } from "../core/aws/deployed-stack";
import { awsStatus } from "../core/aws/errors";
import { readDeclaredStack } from "../core/aws/stack-config";
import { examine } from "../core/doctor/examine";
import { trackingPeriodDays } from "../core/doctor/permissions";
import { doctorJson, doctorText } from "../core/doctor/report";
import { CommandError } from "../core/exit-status";
import { projectRoot } from "../core/project-root";

export interface DoctorOptions {
  readonly stack: string;
  readonly offline?: boolean;
  readonly days: string;
  readonly state?: string;
  readonly outputs?: string;
  readonly json?: boolean;
}

/** What the command reads and writes of its process; tests give their own. */
export interface DoctorProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  /** Pause between two looks at a report that IAM makes. @default 1 */
  readonly pollSeconds?: number;
  /** What ages are counted to. @default - the clock's */
  readonly now?: Date;
  exitCode?: number | string | null | undefined;
}

/** Looks at everything that would keep a stack from working; returns the exit status. */
export async function doctor(options: DoctorOptions, own: DoctorProcess = process): Promise<number> {
  const days = daysOf(options.days);
  const offline = options.offline === true;
  const folder = own.folder ?? projectRoot;
  const declared = readDeclaredStack(folder, options.stack);
  const { deployed, reason } = stateOf(folder, options);
  requireSameStack(declared, deployed?.contract);

  const { findings, isAnswered } = await examine({
    declared,
    deployed,
    stateReason: reason,
    offline,
    days,
    now: own.now ?? new Date(),
    env: own.env,
    clientOptions: own.clientOptions,
    pollSeconds: own.pollSeconds ?? 1,
  });
  const report = {
    stack: `${declared.naming.project}/${declared.naming.environment}`,
    region: declared.config.region,
    offline,
    findings,
  };
  own.stdout.write(
    options.json === true ? doctorJson(report) : doctorText(report, terminalLayout(own.env, own.stdout)),
  );
  if (!offline && !isAnswered) return awsStatus.unreachable;
  return findings.some(({ status }) => status === "problem") ? awsStatus.failed : awsStatus.ok;
}

/** A state that was asked for by name has to be there; one that the Pulumi CLI does not give leaves some things unchecked. */
function stateOf(
  folder: string,
  { stack, state, outputs, offline }: DoctorOptions,
): { readonly deployed: DeployedStack | undefined; readonly reason: string } {
  const reason = "--outputs does not tell the stack's resources: give --state";
  if (state !== undefined || outputs !== undefined)
    return { deployed: readDeployedStack(folder, stack, { state, outputs }), reason };
  if (offline === true)
    return { deployed: undefined, reason: "--offline: the stack's state is not asked for; give --state" };
  try {
    return { deployed: readDeployedStack(folder, stack), reason };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { deployed: undefined, reason: error.message };
  }
}

function daysOf(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= trackingPeriodDays) return value;
  throw new CommandError(
    `--days is ${JSON.stringify(text)}; it must be a whole number from 1 to ${trackingPeriodDays}: IAM is sure to look back no further.`,
  );
}
