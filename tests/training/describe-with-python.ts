import { CommandError } from "../../cli/core/exit-status";
import { type Packages, pythonWith, trainingPackages } from "../../cli/core/python/environment";

/** A first installation downloads gigabytes. */
const setUpTimeoutMs = 60 * 60_000;
const testTimeoutMs = 60 * 60_000;

/**
 * A suite that needs a Python with the training's packages. Where none can be had its tests are skipped, with one line that says
 * why; with `CI=true` they fail instead.
 */
export function describeWithPython(
  title: string,
  body: (python: () => string) => void,
  packages: Packages = trainingPackages,
): void {
  describe(title, function () {
    this.timeout(testTimeoutMs);
    let python: string | undefined;

    before(async function () {
      this.timeout(setUpTimeoutMs);
      try {
        python = await pythonWith(packages, {
          env: process.env,
          tell: (line) => process.stderr.write(`${line}\n`),
        });
      } catch (error) {
        if (!(error instanceof CommandError) || process.env.CI === "true") throw error;
        process.stderr.write(`skipped, ${title} is not tested: ${error.message}\n`);
        this.skip();
      }
    });

    body(() => {
      if (python === undefined) throw new Error("Python is there only while a test or a hook runs.");
      return python;
    });
  });
}
