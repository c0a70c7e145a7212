import type * as analyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import { PackError } from "./errors";
import { byCodeUnit } from "./json-value";
import { checkPackDirectory, type LoadedPack, loadPack } from "./pack-host";
import { askPolicies } from "./policy-calls";
import { type EnforcementLevel, effectiveConfig, type PolicyPackConfig } from "./policy-config";
import {
  enforcementLevelOf,
  type PolicyInfo,
  readPackInfo,
  type Severity,
  sendConfig,
  sendStack,
  severityOf,
} from "./policy-info";
import {
  type AnalyzedResource,
  analyzedResources,
  analyzeRequest,
  analyzeStackRequest,
} from "./policy-requests";
import { exclusively, guarded } from "./process-guard";
import type { RecordedProgram } from "./recorded";
import { applyRemediations } from "./remediation";

export interface PackRun {
  /** Absolute. */
  directory: string;
  /** Contents of a `--policy-pack-config` file. @default {} */
  config?: PolicyPackConfig;
  /** A level for every policy that `config` sets none for, as `{"all": …}` does. @default each policy's own */
  enforcement?: EnforcementLevel;
}

/** One violation, or one thing that a remediation changed. */
export interface Verdict {
  policy: string;
  /** "remediate" means: the policy changed the resource. */
  level: EnforcementLevel;
  severity: Severity;
  /** The resource; for a stack policy that names none, the stack. */
  urn: string;
  /** What is wrong here, without the policy's description. */
  message: string;
  description?: string;
  url?: string;
  remediationSteps?: string;
}

/** A pack's policies with the levels and settings that its configuration gives them. */
export interface PackDescription {
  name: string;
  version: string;
  policies: PolicyInfo[];
}

/** The pack as it was configured, and what it found. */
export interface PackReport {
  pack: PackDescription;
  verdicts: Verdict[];
}

const rank: Readonly<Record<EnforcementLevel, number>> = {
  mandatory: 0,
  remediate: 1,
  advisory: 2,
  disabled: 3,
};

/** A pack that is loaded once and may be run over many programs. */
export interface OpenPack {
  /** What the pack declares, before any configuration. */
  readonly policies: readonly PolicyInfo[];
  /** As `runPack`; `settings` may differ from program to program. */
  run(
    program: RecordedProgram,
    stack: StackNames,
    settings?: Omit<PackRun, "directory">,
  ): Promise<PackReport>;
}

export interface StackNames {
  project: string;
  stack: string;
}

/**
 * Runs every policy of a pack over a recorded program, in the engine's order: per resource the remediations, then the
 * analysis of its inputs; at the end the stack policies over all outputs. A remediation's change is seen by everything
 * after it. Calls queue up, as the pack owns the working directory while it runs.
 *
 * @returns the pack, and its verdicts: mandatory first, then by policy and URN.
 * @throws PackError when the pack cannot be loaded or its configuration does not fit; PolicyError when a policy throws.
 */
export async function runPack(
  pack: PackRun,
  program: RecordedProgram,
  stack: StackNames,
): Promise<PackReport> {
  return (await openPack(pack.directory)).run(program, stack, pack);
}

/** Loads a pack, so that several programs need not load it each. Errors as `runPack`. */
export async function openPack(directory: string): Promise<OpenPack> {
  const [loaded, { policies: declared }] = await inPack(directory, async () => {
    const pack = loadPack(directory);
    return [pack, await readPackInfo(pack)] as const;
  });
  return {
    policies: declared,
    run: (program, stack, settings = {}) =>
      inPack(directory, async () => {
        await sendStack(loaded, stack, program.preview);
        const description = await configure(loaded, settings);
        const policies = new Map(description.policies.map((policy) => [policy.name, policy]));
        const verdicts = await analyze(loaded, policies, program);
        return { pack: description, verdicts: verdicts.sort(compareVerdicts) };
      }),
  };
}

async function inPack<T>(directory: string, body: () => Promise<T>): Promise<T> {
  checkPackDirectory(directory);
  return exclusively(() => guarded(directory, body));
}

async function configure(loaded: LoadedPack, pack: Omit<PackRun, "directory">): Promise<PackDescription> {
  const info = await readPackInfo(loaded);
  const given = { ...(pack.enforcement === undefined ? {} : { all: pack.enforcement }), ...pack.config };
  const { config, problems } = effectiveConfig(info.policies, info.initialConfig, given);
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new PackError(`The configuration of policy pack ${info.name} does not fit:\n${list}`);
  }
  await sendConfig(loaded, config);
  const policies = info.policies.map((policy) => ({
    ...policy,
    level: config.get(policy.name)?.level ?? policy.level,
  }));
  return { name: info.name, version: info.version, policies };
}

type Policies = ReadonlyMap<string, PolicyInfo>;

async function analyze(loaded: LoadedPack, policies: Policies, program: RecordedProgram): Promise<Verdict[]> {
  const { handlers } = loaded;
  const verdicts: Verdict[] = [];
  const resources = analyzedResources(program);
  const remediates = [...policies.values()].some((policy) => policy.level === "remediate");
  for (const resource of resources) {
    const { urn } = resource.recorded;
    if (remediates) verdicts.push(...(await remediate(loaded, policies, resource)));
    const response = await askPolicies(handlers.analyze, analyzeRequest(loaded, resource), urn);
    verdicts.push(...violations(loaded, policies, response, urn));
  }
  const stack = resources.find((resource) => resource.recorded.type === "pulumi:pulumi:Stack");
  const response = await askPolicies(
    handlers.analyzeStack,
    analyzeStackRequest(loaded, resources),
    undefined,
  );
  verdicts.push(...violations(loaded, policies, response, stack?.recorded.urn ?? ""));
  return verdicts;
}

async function remediate(
  loaded: LoadedPack,
  policies: Policies,
  resource: AnalyzedResource,
): Promise<Verdict[]> {
  const { urn } = resource.recorded;
  const answer = await askPolicies(loaded.handlers.remediate, analyzeRequest(loaded, resource), urn);
  const steps = applyRemediations(
    resource,
    (answer as analyzerProto.RemediateResponse).getRemediationsList(),
  );
  return steps.flatMap(({ policy, changed, diagnostic }) => {
    if (diagnostic !== undefined) return [verdict(policies, policy, "advisory", urn, diagnostic)];
    return changed.length === 0
      ? []
      : [verdict(policies, policy, "remediate", urn, `The policy changes ${changed.join(", ")}.`)];
  });
}

function violations(
  loaded: LoadedPack,
  policies: Policies,
  response: unknown,
  defaultUrn: string,
): Verdict[] {
  return (response as analyzerProto.AnalyzeResponse).getDiagnosticsList().map((diagnostic) => {
    const name = diagnostic.getPolicyname();
    const level = enforcementLevelOf(loaded, diagnostic.getEnforcementlevel());
    const urn = diagnostic.getUrn() === "" ? defaultUrn : diagnostic.getUrn();
    const message = withoutPrefix(diagnostic.getMessage(), `${diagnostic.getDescription()}\n`);
    const severity = severityOf(diagnostic.getSeverity());
    const result = verdict(policies, name, level, urn, message);
    return severity === "unspecified" ? result : { ...result, severity };
  });
}

function verdict(
  policies: Policies,
  name: string,
  level: EnforcementLevel,
  urn: string,
  message: string,
): Verdict {
  const policy = policies.get(name);
  return {
    policy: name,
    level,
    severity: policy?.severity ?? "unspecified",
    urn,
    message,
    ...(policy?.description === undefined ? {} : { description: policy.description }),
    ...(policy?.url === undefined ? {} : { url: policy.url }),
    ...(policy?.remediationSteps === undefined ? {} : { remediationSteps: policy.remediationSteps }),
  };
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    rank[a.level] - rank[b.level] ||
    byCodeUnit(a.policy, b.policy) ||
    byCodeUnit(a.urn, b.urn) ||
    byCodeUnit(a.message, b.message)
  );
}
