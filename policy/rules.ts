import { instanceCeiling } from "./cost/instance-ceiling";
import { noSagemakerFullAccess } from "./iam/no-sagemaker-full-access";
import type { Rule } from "./rule";

/** The pack's rules, in the order in which they report. */
export const rules: readonly Rule[] = [noSagemakerFullAccess, instanceCeiling];
