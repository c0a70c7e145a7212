import type { Policies } from "@pulumi/policy";
import type { CeilingOptions } from "./cost/ceiling-config";
import { instanceCeiling } from "./cost/instance-ceiling";
import { noSagemakerFullAccess } from "./iam/no-sagemaker-full-access";

export interface RuleOptions {
  readonly ceilings?: CeilingOptions;
}

/**
 * The pack's rules in the order in which they report. `options` are for those who run the rules without the engine, which is the only
 * one to call `configure`; what the engine configures goes over them.
 */
export function rules(options: RuleOptions = {}): Policies {
  return [noSagemakerFullAccess(), instanceCeiling(options.ceilings)];
}
