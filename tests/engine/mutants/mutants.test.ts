import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import { mutated } from "./apply";
import { mutants } from "./mutants";

/** Keeps the table in step with the sources. Whether the scenarios see the mutants, `run.ts` finds out, which takes many minutes. */
describe("the engine's mutants", () => {
  for (const mutant of mutants) {
    it(`know the line of ${mutant.without}, and a test of ${mutant.scenario} that fails without it`, () => {
      assert.notEqual(mutated(projectRoot, mutant), readFileSync(join(projectRoot, mutant.file), "utf8"));
      const scenario = join(projectRoot, "tests/engine", `${mutant.scenario}.test.ts`);
      assert.ok(existsSync(scenario), scenario);
      assert.ok(
        readFileSync(scenario, "utf8").includes(mutant.failing),
        `${scenario} has no test "${mutant.failing}"`,
      );
    });
  }
});
