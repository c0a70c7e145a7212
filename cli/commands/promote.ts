import { terminalLayout } from "../../plan/report/layout";
import type { ClientOptions } from "../core/aws/clients";
import { awsStatus } from "../core/aws/errors";
import { CommandError } from "../core/exit-status";
import { onStack } from "../core/promote/on-stack";
import { promoteModel } from "../core/promote/promote-model";
import { promotedText, promotionJson } from "../core/promote/report";

export interface PromoteOptions {
  readonly stack: string;
  readonly from: string;
  readonly minAccuracy?: string;
  readonly dryRun?: boolean;
  readonly outputs?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** What the command reads and writes of its process; tests give their own. */
export interface PromoteProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the Pulumi project. @default - this project */
  readonly folder?: string;
  readonly clientOptions?: ClientOptions;
  exitCode?: number | string | null | undefined;
}

/** Makes an artifact the one that a model is deployed with; returns the exit status. */
export async function promote(
  model: string,
  options: PromoteOptions,
  own: PromoteProcess = process,
): Promise<number> {
  const minAccuracy = options.minAccuracy === undefined ? undefined : shareOf(options.minAccuracy);
  const dryRun = options.dryRun === true;
  const promoted = await onStack(options, own, ({ clients, clock, declared, contract, folder }) =>
    promoteModel(
      clients,
      declared,
      contract,
      { model, from: options.from, minAccuracy, dryRun, now: new Date(clock.now()) },
      folder,
    ),
  );
  const told = { stack: options.stack, dryRun };
  own.stdout.write(
    options.json === true
      ? promotionJson(promoted, told)
      : promotedText(promoted, told, terminalLayout(own.env, own.stdout)),
  );
  return promoted.refusal === undefined ? awsStatus.ok : awsStatus.failed;
}

function shareOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new CommandError(`--min-accuracy is ${JSON.stringify(text)}; it must be a number from 0 to 1.`);
}
