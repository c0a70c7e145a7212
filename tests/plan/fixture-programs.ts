import { join } from "node:path";
import { loadProject } from "../../plan/load-project";
import {
  type ProgramRun,
  type RecordedProgram,
  type RecordedResource,
  runProgram,
} from "../../plan/run-program";

export function programDirectory(name: string): string {
  return join(__dirname, "..", "fixtures", "programs", name);
}

/** Runs a program of tests/fixtures/programs as its stack `dev`. */
export function runFixture(name: string, changes: Partial<ProgramRun> = {}): Promise<RecordedProgram> {
  return runProgram({ ...loadProject(programDirectory(name), "dev"), ...changes });
}

export function resourceNamed(program: RecordedProgram, name: string): RecordedResource {
  const found = program.resources.filter((resource) => resource.name === name);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(
      `expected one resource "${name}" among ${program.resources.map((r) => r.urn).join(", ")}`,
    );
  }
  return found[0];
}
