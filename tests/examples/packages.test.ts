import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(projectRoot, folder, "package.json"), "utf8")) as Manifest;
}

describe("the packages that an example asks for", () => {
  for (const example of ["examples/consumer", "examples/guarded"]) {
    it(`have the versions with which the project tries it: ${example}`, () => {
      const own = manifest(".");
      const tried = { ...own.dependencies, ...own.devDependencies };

      const { dependencies, devDependencies } = manifest(example);

      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
        assert.equal(version, tried[name], name);
    });
  }
});
