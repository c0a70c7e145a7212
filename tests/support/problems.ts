import assert from "node:assert/strict";
import { ConfigError, type Problem, parseStackConfig } from "../../infra/config/parse";
import type { Raw } from "./raw-config";

/** The problems of sections that must not parse. */
export function problemsOf(raw: unknown): readonly Problem[] {
  try {
    parseStackConfig(raw as Raw);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return assert.fail("the configuration parsed");
}
