import type { ClientOptions } from "../core/aws/clients";
import { CommandError } from "../core/exit-status";

/** What a data command reads and writes of its process; tests give their own. */
export interface DataProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds before a second attempt; tests do not wait. @default 1000 */
  readonly pauseMs?: number;
  readonly clientOptions?: ClientOptions;
  exitCode?: number | string | null | undefined;
}

/** @throws CommandError for anything but a whole number in the range. */
export function wholeNumber(option: string, text: string, minimum: number, maximum: number): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum) return Number(text);
  throw new CommandError(
    `${option} is ${JSON.stringify(text)}; it must be a whole number from ${minimum} to ${maximum}.`,
  );
}

/** @throws CommandError for anything but 64 hexadecimal digits. */
export function sha256Option(option: string, text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new CommandError(
    `${option} is ${JSON.stringify(text)}; it must be a SHA-256 digest, 64 hexadecimal digits, as sha256sum prints it.`,
  );
}
