import { resolve } from "node:path";
import { type Pending, pending, withStandIns } from "../../infra/config/due";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { parseStackConfig } from "../../infra/config/parse";
import type { StackConfig } from "../../infra/config/schema/stack";
import type { InvokeFixtures } from "../../plan/fixtures";
import { type LoadedProject, loadProject } from "../../plan/load-project";
import { assemblePlan, type NotDue, type Plan } from "../../plan/plan";
import type { PolicyPackConfig } from "../../plan/policy-config";
import type { RecordedProgram } from "../../plan/recorded";
import { type OpenPack, openPack } from "../../plan/run-pack";
import { runProgram } from "../../plan/run-program";
import { type CostReport, estimateCost } from "../../policy/catalog/estimate";
import { ceilingsOf, largestUses } from "./ceiling-uses";
import { requireSound } from "./policy/check-config";
import { stackPolicyConfig } from "./policy/stack-config";
import { projectRoot } from "./project-root";

export interface PlanRequest {
  readonly stack: string;
  /** Folder of another Pulumi program. @default - this project's own */
  readonly program?: string | undefined;
  /** Folder of a policy pack. @default - this project's sagemaker-guard */
  readonly policyPack?: string | undefined;
  /** Contents of a `--policy-pack-config` file. @default - the ceilings and `policies` of the stack's own configuration */
  readonly policyConfig?: PolicyPackConfig | undefined;
  /** Stack file to read instead of Pulumi.<stack>.yaml. */
  readonly configFile?: string | undefined;
  /** Answers to invokes and stack references that the plan cannot know. @default {} */
  readonly fixtures?: InvokeFixtures | undefined;
  /** Leaves out what waits for data or a promoted model, as `pulumi up` does. @default false */
  readonly dueOnly?: boolean | undefined;
}

/**
 * Plans one stack against an empty account, without CLI, network or account.
 *
 * @throws ConfigError for an invalid configuration of this project, PlanError for everything else a person can mend.
 */
export async function planStack(request: PlanRequest): Promise<Plan> {
  const project = loadProject(
    resolve(request.program ?? projectRoot),
    request.stack,
    request.configFile === undefined ? {} : { configFile: resolve(request.configFile) },
  );
  const own = request.program === undefined ? ownEnvironment(project) : undefined;
  const waiting = own === undefined ? [] : pending(own.config);

  const run = (config: Readonly<Record<string, string>>) =>
    runProgram({
      ...project,
      config,
      ...(request.fixtures === undefined ? {} : { fixtures: request.fixtures }),
    });
  const showsAll = own !== undefined && waiting.length > 0 && request.dueOnly !== true;
  const dueUrns = showsAll ? urnsOf(await run(project.config)) : undefined;
  const whole = await run(showsAll ? own.withStandIns : project.config);

  const pack = await openPack(resolve(request.policyPack ?? resolve(projectRoot, "policy")));
  const checked = await pack.run(whole, project, { config: packConfig(request, own?.config, pack) });
  const cost = costOf(whole, project.config["aws:region"] ?? "us-east-1");
  return assemblePlan({
    project: project.project,
    stack: project.stack,
    program: whole,
    checked,
    cost: {
      ...cost,
      ceilings: own === undefined ? {} : ceilingsOf(own.config),
      largestUses: largestUses(whole.resources, cost),
    },
    ...(dueUrns === undefined ? {} : { notDueUrns: without(urnsOf(whole), dueUrns) }),
    notDue: waiting.map(notDue),
    // Pulumi reads the stack's own file only.
    ...(own === undefined || request.configFile !== undefined
      ? {}
      : { deploy: `npx sagemaker-ops up --stack ${project.stack}` }),
  });
}

interface OwnEnvironment {
  readonly config: StackConfig;
  /** Pulumi's flat map with a stand-in for every digest that is missing. */
  readonly withStandIns: Readonly<Record<string, string>>;
}

function ownEnvironment({ config, project }: LoadedProject): OwnEnvironment {
  const raw = rawFromPulumi(config, project);
  const parsed = parseStackConfig(raw);
  const { storage, models } = withStandIns(raw);
  return {
    config: parsed,
    withStandIns: {
      ...config,
      [`${project}:storage`]: JSON.stringify(storage),
      ...(models === undefined ? {} : { [`${project}:models`]: JSON.stringify(models) }),
    },
  };
}

/** Only this project's pack knows the ceilings; another pack keeps its own defaults. */
function packConfig(
  { policyPack, policyConfig }: PlanRequest,
  config: StackConfig | undefined,
  pack: OpenPack,
): PolicyPackConfig {
  if (policyPack !== undefined) return policyConfig ?? {};
  const today = new Date().toISOString().slice(0, 10);
  if (policyConfig !== undefined) return requireSound(policyConfig, today, pack);
  return config === undefined ? {} : stackPolicyConfig(config, today, pack);
}

/** What the estimator reads are outputs: names are known there, and inputs are part of them. */
export function costOf({ resources }: Pick<RecordedProgram, "resources">, region: string): CostReport {
  return estimateCost(
    resources
      .filter(({ custom, read }) => custom && !read)
      .map(({ urn, type, name, inputs, outputs, parent }) => ({
        urn,
        type,
        name,
        properties: { ...inputs, ...outputs },
        ...(parent === undefined ? {} : { parent }),
      })),
    { region },
  );
}

function without(urns: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...urns].filter((urn) => !others.has(urn)));
}

/** Only these are kept of the first run: the whole record would be held in memory through the second. */
function urnsOf({ resources }: RecordedProgram): Set<string> {
  return new Set(resources.map(({ urn }) => urn));
}

function notDue({ kind, name, reason, next }: Pending): NotDue {
  const words = { job: "training job", tuning: "tuning job", endpoint: "endpoint" } as const;
  return { what: `${words[kind]} ${name}`, reason, next };
}
