/** Base of every failure a person can mend: the message says what to do and never carries a stack trace. */
export class PlanError extends Error {
  override readonly name: string = "PlanError";
}

/** The project's files are missing or malformed. */
export class ProjectError extends PlanError {
  override readonly name = "ProjectError";
}

/** The Pulumi program threw, rejected, never finished, or asked for something no fixture declares. */
export class ProgramError extends PlanError {
  override readonly name = "ProgramError";
}

/** The policy pack could not be loaded, or its configuration does not fit its schema. */
export class PackError extends PlanError {
  override readonly name = "PackError";
}

/** A policy threw instead of reporting. The engine stops the whole update on this; so does the plan. */
export class PolicyError extends PlanError {
  override readonly name = "PolicyError";
  readonly policy: string;
  /** The resource under analysis; undefined for a stack policy. */
  readonly urn: string | undefined;

  constructor(message: string, details: { policy: string; urn?: string | undefined; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.policy = details.policy;
    this.urn = details.urn;
  }
}

/** The message of anything that can be thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === "" ? thrown.name : thrown.message;
  return String(thrown);
}
