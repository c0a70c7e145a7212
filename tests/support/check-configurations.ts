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
import { affordable } from "./affordable";
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
  /** Planned, and refused by the pack for nothing but amounts that are above a ceiling of its own, or unknown. */
  overpriced: number;
}

interface Case {
  readonly raw: Raw;
  readonly isWhole: boolean;
  readonly isAffordable: boolean;
}

/** USD that no configuration reaches; a stack file may not say so much. */
const outOfReach = 1e12;

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
  .map(({ raw, isWhole, isAffordable }) => ({
    raw: isAffordable ? affordable(raw) : raw,
    isWhole,
    isAffordable,
  }));

/** One case from the engine's map to the pack's verdicts. Throws for whatever ends in neither of the two ways. */
async function end({ raw, isWhole, isAffordable }: Case, pack: OpenPack): Promise<keyof Tallies> {
  const config = isWhole ? flattenWhole(raw) : flatten(raw);
  const parsed = parsedOrRejection(config);
  if (parsed instanceof ConfigError) {
    for (const { path } of parsed.problems) assert.match(path, /^(?!\(the whole configuration\)$).*\S/su);
    // The program itself says the same, and nothing else happens.
    await assert.rejects(runEnvironment(config), { name: "ProgramError", message: parsed.message });
    return "rejected";
  }

  const program = await runEnvironment(config);
  parseContract(program.outputs);
  const ceilings = policyConfig({
    ...parsed,
    ceilings: isAffordable
      ? { ...parsed.ceilings, jobUsd: outOfReach, monthlyUsd: outOfReach }
      : parsed.ceilings,
  });
  const { verdicts } = await pack.run(program, stackNames, { config: ceilings as PolicyPackConfig });
  const mandatory = verdicts.filter(({ level }) => level === "mandatory");

  assert.deepEqual(
    mandatory.filter(({ policy }) => !(policy in ceilings)),
    [],
  );
  const refused = mandatory.filter(({ policy }) => policy === "cost-instance-ceiling");
  assert.deepEqual([...new Set(refused.map(({ urn }) => labelOf(program, urn)))].sort(), overpriced(parsed));
  return mandatory.length === 0 ? "clean" : "overpriced";
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
    // Making a failing case small takes minutes; what is found until then is reported.
    { numRuns: runs, seed, interruptAfterTimeLimit: 1_000_000, markInterruptAsFailure: true },
  );
  process.stdout.write(JSON.stringify(tallies));
}

// Said here: an interrupted run may leave a program behind that takes what nobody catches for its own.
if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  });
