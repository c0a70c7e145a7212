import { AwsFailure } from "../aws/errors";
import { outageOf } from "./causes";

/** How long a command that waits goes on without an answer. */
const longestOutageSeconds = 900;
const longestPauseSeconds = 60;

export interface Outage {
  /** What a person is told, once per kind of failure. */
  readonly told: string | undefined;
  /** Whether credentials are to be read anew. */
  readonly renews: boolean;
}

/**
 * Keeps a command that waits for hours from ending at the first call that fails: throttling, errors of the service, a
 * network that is gone, and credentials that expire are all waited out, each for a quarter of an hour.
 */
export class Patience {
  private since: number | undefined;
  private pause: number;
  private lastTold: string | undefined;

  /**
   * @param pollSeconds first pause between two looks.
   * @param fixedCredentials whether the credentials are in the environment, which nobody can change for a running process.
   */
  constructor(
    private readonly pollSeconds: number,
    private readonly fixedCredentials: boolean,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.pause = pollSeconds;
  }

  /** Seconds until the next look: longer while nothing changes, and while calls fail. */
  get pauseSeconds(): number {
    return this.pause;
  }

  answered(changed: boolean): void {
    this.since = undefined;
    this.lastTold = undefined;
    this.pause = changed ? this.pollSeconds : Math.min(this.pause * 1.5, longestPauseSeconds / 2);
  }

  /** @throws the error itself where waiting does not help, or has not helped for too long. */
  failed(error: unknown): Outage {
    const kind = error instanceof AwsFailure ? outageOf(error) : undefined;
    if (!(error instanceof AwsFailure) || kind === undefined) throw error;
    if (kind === "credentials" && this.fixedCredentials) throw error;
    const now = this.monotonic();
    this.since ??= now;
    if (now - this.since > longestOutageSeconds * 1000) throw error;
    this.pause = Math.min(this.pause * 2, longestPauseSeconds);
    const told =
      kind === "credentials"
        ? `${error.message} Do so in another terminal: this command goes on with the new ones.`
        : `${error.message} Asking again.`;
    const isNew = told !== this.lastTold;
    this.lastTold = told;
    return { told: isNew ? told : undefined, renews: kind === "credentials" };
  }
}

/** @param env of the process. */
export function hasFixedCredentials(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env.AWS_ACCESS_KEY_ID ?? "") !== "" && (env.AWS_PROFILE ?? "") === "";
}
