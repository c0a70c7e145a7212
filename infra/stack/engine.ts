import * as pulumi from "@pulumi/pulumi";
import { withoutStack } from "../rules/without-stack";

/** The oldest CLI that this program has been run with. */
const supported = ">=3.259.0";

/**
 * Refuses an older engine before anything is registered.
 *
 * @throws {pulumi.RunError} That names the version needed; the engine prints its message without a stack trace.
 */
export async function requireEngine(): Promise<void> {
  try {
    await pulumi.requirePulumiVersion(supported);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw withoutStack(
      new pulumi.RunError(
        `This program needs the Pulumi CLI ${supported}: ${told} Update it and run again.`,
        {
          cause: error,
        },
      ),
    );
  }
}
