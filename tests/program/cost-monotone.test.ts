import assert from "node:assert/strict";
import fc from "fast-check";
import { costOf } from "../../cli/core/plan-stack";
import { ConfigError, parseStackConfig } from "../../infra/config/parse";
import { affordable } from "../support/affordable";
import { validishConfig } from "../support/arbitrary-config";
import { changed, type Raw } from "../support/raw-config";
import { flattenWhole, runEnvironment } from "../support/run-environment";

const seed = Number(process.env.FAST_CHECK_SEED ?? Date.now() % 2 ** 31);

/** How often each knob is turned at least. */
const turns = { costly: 3, harmless: 2 };
/** Only configurations that have a knob left to turn are planned; the others cost a millisecond. */
const mostSamples = 1500;

/** Counts and sizes that cost something; each must be seen to. Names of entries are `*`. */
const costly = [
  "endpoints.*.function.memoryMiB",
  "endpoints.*.function.provisionedConcurrency.count",
  "endpoints.*.function.provisionedConcurrency.max",
  "endpoints.*.serving.initialCount",
  "endpoints.*.serving.rollout.terminationWaitSeconds",
  "endpoints.*.serving.rollout.waitSeconds",
  "endpoints.*.serving.scaling.max",
  "endpoints.*.serving.scaling.schedules.*.max",
  "endpoints.*.serving.shadow.count",
  "endpoints.*.serving.volumeSizeGiB",
  "jobs.*.instanceCount",
  "jobs.*.market.maxWaitMinutes",
  "jobs.*.maxRuntimeMinutes",
  "jobs.*.volumeSizeGiB",
  "network.zoneCount",
  "notebook.volumeSizeGiB",
  "trainingBox.rootVolumeGiB",
  "tuning.*.instanceCount",
  "tuning.*.market.maxWaitMinutes",
  "tuning.*.maxJobs",
  "tuning.*.maxRuntimeMinutes",
  "tuning.*.volumeSizeGiB",
];

/** Counts and sizes that lie within others, are free, or have no known price; they must not make anything cheaper. */
const harmless = [
  "endpoints.*.function.provisionedConcurrency.min",
  "endpoints.*.function.reservedConcurrency",
  "endpoints.*.function.timeoutSeconds",
  "endpoints.*.serving.maxConcurrency",
  "endpoints.*.serving.maxConcurrentInvocationsPerInstance",
  "endpoints.*.serving.memoryMiB",
  "endpoints.*.serving.provisionedConcurrency",
  "endpoints.*.serving.scaling.maxRequestsPerSecond",
  "endpoints.*.serving.scaling.min",
  "endpoints.*.serving.scaling.schedules.*.min",
  "network.flowLogDays",
  "tuning.*.maxParallelJobs",
];

/** Numbers that are neither counts nor sizes of what is paid for. */
const others =
  /^(?:alarms|budget|ceilings|models|quotas|storage)\.|\.(?:alarms|capture|hyperparameters|learningRate)\.|\.(?:batchPercent|healthCheckTimeoutSeconds|idleShutdownMinutes|idleStopMinutes|logRetentionDays|maxAgeSeconds|maxBatch|maxHourlyUsd|modelDownloadTimeoutSeconds|percent|retries|retryAttempts|safetyFactor|samplingPercent|scaleInCooldownSeconds|scaleOutCooldownSeconds|stepPercent|targetBacklogPerInstance|targetConcurrentRequests|targetUtilization)$/;

interface Knob {
  readonly name: string;
  readonly path: string;
  readonly value: number;
}

const named = /^((?:jobs|tuning|endpoints)\.)[^.]+(?=\.)/;
const scheduled = /(?<=\.schedules\.)[^.]+/;

/** Every number in the sections, by its path. */
function numbers(value: unknown, path = ""): Knob[] {
  if (typeof value === "number")
    return [{ name: path.replace(named, "$1*").replace(scheduled, "*"), path, value }];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => numbers(item, path === "" ? key : `${path}.${key}`));
}

/** The sections with their defaults, or nothing where they do not parse. */
function complete(raw: Raw): Raw | undefined {
  try {
    return JSON.parse(JSON.stringify(parseStackConfig(raw))) as Raw;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** With the knob turned up, by much or by little, as far as the other keys allow. */
function raised(sections: Raw, { path, value }: Knob, byMuch: boolean): Raw | undefined {
  const steps = [value * 3 + 7, value + 1024, value + 60, value + 7, value + 2, value + 1];
  for (const wanted of byMuch ? steps : steps.toReversed()) {
    const parsed = complete(changed(sections, path, wanted));
    if (parsed !== undefined) return parsed;
  }
  return undefined;
}

interface Worst {
  /** As the plan tells it. */
  readonly plan: number;
  /** As the stack's outputs tell it. */
  readonly outputs: number;
}

async function worstMonthly(sections: Raw): Promise<Worst> {
  const program = await runEnvironment(flattenWhole(sections));
  const { worstMonthlyUsd } = program.outputs.cost as { worstMonthlyUsd: number };
  return { plan: costOf(program, "us-east-1").worstMonthly, outputs: worstMonthlyUsd };
}

/** Through the program and the plan's estimate; what AWS bills is not proved. */
describe("the worst month of an environment", () => {
  const left = new Map([
    ...costly.map((name) => [name, turns.costly] as const),
    ...harmless.map((name) => [name, turns.harmless] as const),
  ]);
  const dearer = new Set<string>();
  const unknown = new Set<string>();
  const isWanted = (name: string) =>
    (left.get(name) ?? 0) > 0 || (costly.includes(name) && !dearer.has(name));

  before(() => {
    // Pulumi takes a stack trace for every promise; mapping each to its source costs more than the runs.
    process.setSourceMapsEnabled(false);
  });
  after(() => {
    process.setSourceMapsEnabled(true);
  });

  it(`is never lowered by raising a count or a size (FAST_CHECK_SEED=${seed})`, async () => {
    let samples = 0;
    for (const sample of fc.sample(validishConfig, { numRuns: mostSamples, seed })) {
      if (![...left.keys()].some(isWanted)) break;
      samples++;
      const sections = complete(affordable(sample));
      const all = sections === undefined ? [] : numbers(sections);
      for (const { name } of all) if (!left.has(name) && !others.test(name)) unknown.add(name);
      const knobs = all.filter(({ name }) => isWanted(name));
      if (sections === undefined || knobs.length === 0) continue;

      let before: Worst | undefined;
      for (const knob of knobs) {
        const count = left.get(knob.name) ?? 0;
        const turned = isWanted(knob.name) ? raised(sections, knob, count % 2 === 0) : undefined;
        if (turned === undefined) continue;
        left.set(knob.name, count - 1);

        before ??= await worstMonthly(sections);
        const after = await worstMonthly(turned);
        const what = `${knob.path} above ${knob.value}: ${JSON.stringify(before)} became ${JSON.stringify(after)} in ${JSON.stringify(sections)}`;
        assert.ok(after.plan >= before.plan && after.outputs >= before.outputs, what);
        if (after.plan > before.plan) dearer.add(knob.name);
      }
    }
    assert.deepEqual(
      [...left].filter(([, count]) => count > 0),
      [],
      `knobs that no configuration has, after ${samples}`,
    );
  }).timeout(300_000);

  it("is raised by every count and size that costs something", () => {
    assert.deepEqual(
      costly.filter((name) => !dearer.has(name)),
      [],
    );
  });

  it("knows of every number in a configuration whether it is a count or a size", () => {
    assert.deepEqual([...unknown], []);
  });
});
