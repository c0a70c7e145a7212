import * as pulumi from "@pulumi/pulumi";
import { withoutStack } from "../rules/without-stack";
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
    throw withoutStack(new pulumi.RunError(error.message, { cause: error }));
  }
}
