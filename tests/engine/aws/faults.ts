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
  /** Kills the engine at the next change of this type, before AWS does it or before the engine hears that it is done. */
  readonly crash?: { readonly type: string; readonly when: "before" | "after" };
  /** Answers of look-ups, by function token; laid over what the plan's fixtures answer. */
  readonly lookups?: Readonly<Record<string, JsonObject>>;
}
