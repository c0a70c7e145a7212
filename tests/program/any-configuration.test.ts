import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../cli/core/project-root";
import type { Tallies } from "../support/check-configurations";

const runs = 2000;
const seed = Number(process.env.FAST_CHECK_SEED ?? Date.now() % 2 ** 31);

/**
 * The real program and the real pack, on configurations as the engine hands them over. Not proved: that AWS accepts what is
 * planned.
 */
describe("any configuration", () => {
  it(`of ${runs} random and adversarial ones is rejected by the name of a key, or planned with no mandatory violation but of its own ceilings (FAST_CHECK_SEED=${seed})`, async () => {
    // Two halves side by side; the same cases however many processors there are.
    const halves = await Promise.all([seed, seed + 1].map((half) => check(half, runs / 2)));
    const total = (tally: keyof Tallies) => halves.reduce((sum, half) => sum + half[tally], 0);
    const [rejected, clean, overpriced] = [total("rejected"), total("clean"), total("overpriced")];

    process.stdout.write(
      `      FAST_CHECK_SEED=${seed}: ${rejected} rejected; ${clean + overpriced} planned, ${overpriced} of them above a ceiling or without a price\n`,
    );
    assert.equal(rejected + clean + overpriced, runs);
    for (const count of [rejected, clean]) assert.ok(count >= runs / 10, `${count} of ${runs}`);
    assert.ok(overpriced >= runs / 20, `${overpriced} of ${runs}`);
  }).timeout(1_200_000);
});

async function check(seed: number, runs: number): Promise<Tallies> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      // Short-lived promises by the million: a larger nursery halves the time spent on collecting them.
      "--max-semi-space-size=128",
      "--require",
      join(projectRoot, "cli/loader.cjs"),
      join(projectRoot, "tests/support/check-configurations.ts"),
      String(seed),
      String(runs),
    ],
    { maxBuffer: 64 * 2 ** 20 },
  );
  return JSON.parse(stdout) as Tallies;
}
