import type { JsonObject } from "../../../plan/json-value";

/** What is to go wrong, as a scenario writes it into the account's folder. Nothing goes wrong by default. */
export interface Faults {
  /** Names of endpoints whose updates SageMaker rolls back and calls a success. */
  readonly silentRollback?: readonly string[];
  /** Names of endpoints whose containers never pass the health check. */
  readonly failedHealthCheck?: readonly string[];
  /** How often the next calls on a type are answered with "rate exceeded", by type. */
  readonly throttle?: Readonly<Record<string, number>>;
  /** Seconds until a new role can be assumed. @default 8 */
  readonly iamDelaySeconds?: number;
  /**
   * Lets the account's clock run along with the real one, so many times as fast, since `startedAtMs` of the real one: for a program that
   * waits by itself.
   */
  readonly clock?: { readonly startedAtMs: number; readonly millisecondsPerSecond: number };
  /** Instance types of which AWS has none left. */
  readonly noCapacity?: readonly string[];
  /** Instances that the account may have, by instance type. @default 20 */
  readonly quotas?: Readonly<Record<string, number>>;
  /** What DescribeEndpoint says about the deployment config before the first update. @default "returned" */
  readonly deploymentConfig?: "returned" | "empty until updated";
  /**
   * What a provider compares the program with to see whether to update. The classic provider takes the state, which it reads back
   * after each update; aws-native takes the inputs of the last update. @default "state"
   */
  readonly compares?: "state" | "inputs";
  /** Kills the engine at one change, before AWS does it or before the engine hears that it is done. */
  readonly crash?: Crash;
  /** Answers of look-ups, by function token; laid over what the plan's fixtures answer. */
  readonly lookups?: Readonly<Record<string, JsonObject>>;
}

export interface Crash {
  /** The next change of this type, or the account's change of this number: the first is 1. */
  readonly at: string | number;
  readonly when: "before" | "after";
  /** The engine's state file: it is killed when that is complete and names the change as pending. */
  readonly stateFile: string;
}
