import * as pulumi from "@pulumi/pulumi";
import { rawFromPulumi } from "./from-pulumi";
import { ConfigError, parseStackConfig } from "./parse";
import type { StackConfig } from "./schema/stack";

/**
 * Configuration of the stack that is running: the only place that reads Pulumi's configuration.
 *
 * @throws {pulumi.RunError} With every problem; the engine prints its message without a stack trace.
 */
export function loadConfig(): StackConfig {
  try {
    return parseStackConfig(rawFromPulumi(pulumi.runtime.allConfig(), pulumi.getProject()));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const failure = new pulumi.RunError(error.message, { cause: error });
    // The runner inspects every failure that has a stack, and some versions of Node spend a minute and 4 GB on Pulumi's own
    // frames (https://github.com/nodejs/node/issues/64011). Nobody is shown this one.
    failure.stack = "";
    throw failure;
  }
}
