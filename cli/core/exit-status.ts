/** What every command's exit status means; README and `--help` say the same. */
export const exitStatus = {
  ok: 0,
  /** A mandatory policy is violated. */
  violation: 1,
  /** Wrong arguments, an invalid configuration, or a program that failed. */
  invalid: 2,
  /** A tool that the command needs is not installed. */
  missingTool: 3,
} as const;

/** An error with a message for people and nothing else to add: no stack trace is printed. */
export class CommandError extends Error {
  readonly status: number;

  constructor(message: string, status: number = exitStatus.invalid) {
    super(message);
    this.status = status;
  }
}
