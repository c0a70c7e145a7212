import type { CostLine } from "../policy/catalog/cost/ledger";
import { type DeploymentUnknown, deploymentUnknowns } from "./deployment-unknowns";
import { type Permissions, permissionsOf } from "./permissions";
import type { PolicyInfo } from "./policy-info";
import type { ProgramMessage, RecordedProgram } from "./recorded";
import type { PackReport, Verdict } from "./run-pack";

export type { CostLine };

/** What the estimator hands over. */
export interface CostReport {
  readonly currency: string;
  readonly region: string;
  /** Date of the price table; null where there is none for the region. */
  readonly pricesAsOf: string | null;
  readonly lines: readonly CostLine[];
  readonly idleMonthly: number;
  readonly monthly: number;
  readonly worstMonthly: number;
  /** What costs money but is in no amount above. */
  readonly unpriced: readonly { readonly urn: string; readonly reason: string }[];
  /** Limits by name, in the report's currency. */
  readonly ceilings: Readonly<Record<string, number>>;
  /** What comes closest to each ceiling, by the ceiling's name. @default {} */
  readonly largestUses?: Readonly<Record<string, CeilingUse>>;
}

/** The amount that a ceiling is held against. */
export interface CeilingUse {
  /** In the report's currency, in the ceiling's own unit. */
  readonly amount: number;
  /** What costs it: an instance type, or the URN of a cost line. */
  readonly of: string;
}

/** One resource of a plan. */
export interface PlannedResource {
  urn: string;
  type: string;
  name: string;
  parent: string | undefined;
  custom: boolean;
  inputs: RecordedProgram["resources"][number]["inputs"];
  dependencies: string[];
  options: RecordedProgram["resources"][number]["options"];
  due: boolean;
}

/** Something the configuration asks for that waits for an earlier step of the life cycle. */
export interface NotDue {
  what: string;
  reason: string;
  /** The command that comes next. */
  next: string;
}

/** The policy pack that a plan was checked with; each policy with the level that its configuration gives it. */
export interface CheckedPack {
  name: string;
  version: string;
  policies: Pick<PolicyInfo, "name" | "kind" | "level" | "severity" | "description">[];
}

/** Everything a plan shows. */
export interface Plan {
  project: string;
  stack: string;
  resources: PlannedResource[];
  pack: CheckedPack;
  policies: Verdict[];
  cost: CostReport;
  permissions: Permissions;
  outputs: RecordedProgram["outputs"];
  unknownUntilDeployment: DeploymentUnknown[];
  notDue: NotDue[];
  /** The command that deploys what is due; undefined where the plan does not know it. */
  deploy: string | undefined;
  messages: ProgramMessage[];
}

export interface PlanParts {
  project: string;
  stack: string;
  program: RecordedProgram;
  checked: PackReport;
  cost: CostReport;
  /** URNs of resources that are planned with a stand-in. @default none */
  notDueUrns?: ReadonlySet<string>;
  /** @default none */
  notDue?: NotDue[];
  /** @default none */
  deploy?: string;
}

/** Puts a plan together; reads and computes, never runs anything. */
export function assemblePlan(parts: PlanParts): Plan {
  const notDueUrns = parts.notDueUrns ?? new Set();
  return {
    project: parts.project,
    stack: parts.stack,
    resources: parts.program.resources
      .filter((resource) => !resource.read)
      .map(({ urn, type, name, parent, custom, inputs, dependencies, options }) => ({
        urn,
        type,
        name,
        parent,
        custom,
        inputs,
        dependencies,
        options,
        due: !notDueUrns.has(urn),
      })),
    pack: {
      name: parts.checked.pack.name,
      version: parts.checked.pack.version,
      policies: parts.checked.pack.policies.map(({ name, kind, level, severity, description }) => ({
        name,
        kind,
        level,
        severity,
        description,
      })),
    },
    policies: parts.checked.verdicts,
    cost: parts.cost,
    permissions: permissionsOf(parts.program),
    outputs: parts.program.outputs,
    unknownUntilDeployment: deploymentUnknowns(parts.program),
    notDue: parts.notDue ?? [],
    deploy: parts.deploy,
    messages: parts.program.messages,
  };
}

/** 0 without, 1 with a mandatory violation. */
export function planExitCode(plan: Pick<Plan, "policies">): 0 | 1 {
  return plan.policies.some((verdict) => verdict.level === "mandatory") ? 1 : 0;
}
