import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { projectRoot } from "../../cli/core/project-root";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { ConfigError, parseStackConfig } from "../../infra/config/parse";
import type { StackConfig } from "../../infra/config/schema/stack";
import { parseContract } from "../../infra/outputs";
import { policyConfig } from "../../infra/rules/policy-config";
import type { PolicyPackConfig } from "../../plan/policy-config";
import { type OpenPack, openPack } from "../../plan/run-pack";
import { findInstanceType, type Use } from "../../policy/catalog/instance-types";
import { priceOf } from "../../policy/catalog/prices";
import { adversarialConfig, validishConfig } from "./arbitrary-config";
import { labelOf, overpriced } from "./price-violations";
import type { Raw } from "./raw-config";
import { flatten, flattenWhole, project, runEnvironment, stackNames } from "./run-environment";

// A process of its own for tests/program/any-configuration.test.ts, so that two halves of the cases run side by side:
//   check-configurations.ts <seed> <runs>
// prints the tallies as JSON, or fails with fast-check's report of the smallest failing case.

export interface Tallies {
  rejected: number;
  /** Planned, and no mandatory policy violated. */
  clean: number;
  /** Planned, and refused by the pack for nothing but prices that are above a ceiling or unknown. */
  overpriced: number;
}

interface Case {
  readonly raw: Raw;
  readonly isWhole: boolean;
}

/** In most cases prices are no obstacle: random ceilings would let hardly any configuration pass the pack. */
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    raw: fc.oneof({ weight: 2, arbitrary: validishConfig }, { weight: 4, arbitrary: adversarialConfig }),
    isWhole: fc.oneof(
      { weight: 2, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    isAffordable: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ raw, isWhole, isAffordable }) => ({ raw: isAffordable ? affordable(raw) : raw, isWhole }));

/** Listed types, and ceilings that none of them reaches; what is damaged stays damaged. */
function affordable(raw: Raw): Raw {
  const regions: unknown[] = ["us-east-1", "eu-central-1", "ap-southeast-2"];
  const { ceilings, region } = raw;
  const types = Object.entries(replacements).flatMap(([section, replacement]) =>
    Object.hasOwn(raw, section) ? [[section, withPrices(raw[section], replacement)] as const] : [],
  );
  const priced = {
    ...raw,
    ...Object.fromEntries(types),
    ...(regions.includes(region) ? { region: "us-east-1" } : {}),
  };
  if (!isSection(ceilings) || !isSection(ceilings.hourlyUsd)) return priced;
  const hourlyUsd = Object.entries(ceilings.hourlyUsd).map(
    ([use, usd]) => [use, typeof usd === "number" && usd > 0 && usd <= 10_000 ? 10_000 : usd] as const,
  );
  return {
    ...priced,
    ceilings: { unpriced: "estimate", ...ceilings, hourlyUsd: Object.fromEntries(hourlyUsd) },
  };
}

interface Replacement {
  readonly use: Use;
  readonly instanceType: string;
}

const replacements: Readonly<Record<string, Replacement>> = {
  jobs: { use: "training", instanceType: "ml.m5.xlarge" },
  tuning: { use: "tuning", instanceType: "ml.m5.xlarge" },
  endpoints: { use: "hosting", instanceType: "ml.m5.xlarge" },
  notebook: { use: "notebook", instanceType: "ml.t3.medium" },
  trainingBox: { use: "compute", instanceType: "g4dn.xlarge" },
};

/** A copy in which every type that is sold but has no known price is replaced. */
function withPrices(value: unknown, replacement: Replacement): unknown {
  if (!isSection(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "instanceType" && isUnpriced(item, replacement.use)
        ? replacement.instanceType
        : withPrices(item, replacement),
    ]),
  );
}

function isUnpriced(instanceType: unknown, use: Use): boolean {
  return (
    typeof instanceType === "string" &&
    findInstanceType(use, instanceType) !== undefined &&
    priceOf({ region: "us-east-1", use, instanceType }).kind === "unpriced"
  );
}

function isSection(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** One case from the engine's map to the pack's verdicts. Throws for whatever ends in neither of the two ways. */
async function end({ raw, isWhole }: Case, pack: OpenPack): Promise<keyof Tallies> {
  const config = isWhole ? flattenWhole(raw) : flatten(raw);
  const parsed = parsedOrRejection(config);
  if (parsed instanceof ConfigError) {
    for (const { path } of parsed.problems) assert.match(path, /\S/);
    // The program itself says the same, and nothing else happens.
    await assert.rejects(runEnvironment(config), { name: "ProgramError", message: parsed.message });
    return "rejected";
  }

  const program = await runEnvironment(config);
  parseContract(program.outputs);
  const { verdicts } = await pack.run(program, stackNames, {
    config: policyConfig(parsed) as PolicyPackConfig,
  });
  const mandatory = verdicts.filter(({ level }) => level === "mandatory");

  assert.deepEqual(
    mandatory.filter(({ policy }) => policy !== "cost-instance-ceiling"),
    [],
  );
  const refused = new Set(mandatory.map(({ urn }) => labelOf(program, urn)));
  assert.deepEqual([...refused].sort(), overpriced(parsed));
  return refused.size === 0 ? "clean" : "overpriced";
}

function parsedOrRejection(config: Readonly<Record<string, string>>): StackConfig | ConfigError {
  try {
    return parseStackConfig(rawFromPulumi(config, project));
  } catch (error) {
    if (error instanceof ConfigError && error.problems.length > 0) return error;
    throw error;
  }
}

async function main(): Promise<void> {
  const [seed, runs] = process.argv.slice(2).map(Number);
  assert.ok(seed !== undefined && runs !== undefined);
  const tallies: Tallies = { rejected: 0, clean: 0, overpriced: 0 };
  const pack = await openPack(join(projectRoot, "policy"));
  await fc.assert(
    fc.asyncProperty(anyCase, async (one) => {
      tallies[await end(one, pack)]++;
    }),
    { numRuns: runs, seed },
  );
  process.stdout.write(JSON.stringify(tallies));
}

if (require.main === module) void main();
