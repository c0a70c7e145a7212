import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { rawFromPulumi } from "../../infra/config/from-pulumi";
import { parseStackConfig } from "../../infra/config/parse";
import type { JsonObject } from "../../plan/json-value";
import { loadProject } from "../../plan/load-project";
import type { PolicyPackConfig } from "../../plan/policy-config";
import { openPack } from "../../plan/run-pack";
import productionLevels from "../../policy/profiles/production.json";
import { CommandError, exitStatus } from "../core/exit-status";
import { checkPolicyConfig, requireSound } from "../core/policy/check-config";
import { levelsUnder } from "../core/policy/levels";
import type { PackPolicies } from "../core/policy/pack-policies";
import { blocks, describeUndecided } from "../core/policy/report-undecided";
import { stackPolicyConfig } from "../core/policy/stack-config";
import { undecidedIn } from "../core/policy/undecided";
import { projectRoot } from "../core/project-root";
import { readJsonObject, readText } from "../core/read-file";

/** Prints what is wrong with a policy configuration. Exit status 0: sound, 1: not. */
export function checkConfig(file: string, { json }: { readonly json?: boolean }): number {
  const { errors, ended, warnings } = checkPolicyConfig(
    readJsonObject<JsonObject>("The policy configuration", file),
    today(),
  );
  const wrong = [...errors, ...ended];
  if (json === true) {
    process.stdout.write(
      `${JSON.stringify({ file, errors, endedExemptions: ended, warnings }, undefined, 2)}\n`,
    );
  } else {
    const lines = [
      ...wrong.map((text) => `error    ${text}`),
      ...warnings.map((text) => `warning  ${text}`),
      wrong.length === 0 ? `${file} is sound.` : `${file} has ${counted(wrong.length, "error")}.`,
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return wrong.length === 0 ? exitStatus.ok : exitStatus.violation;
}

interface UndecidedOptions {
  readonly json?: boolean;
  readonly stack?: string;
  readonly policyPackConfig?: string;
  readonly production?: boolean;
  readonly allow?: readonly string[];
}

/** Prints what a preview left undecided. Exit status 1: a mandatory rule among it. */
export async function undecided(file: string, options: UndecidedOptions): Promise<number> {
  const text = file === "-" ? await textOf(process.stdin) : readText("The file", file);
  const pack = await openPack(join(projectRoot, "policy"));
  const levelOf = levelsUnder(configOf(options, pack), pack);
  for (const rule of options.allow ?? []) {
    if (levelOf(rule) === undefined) throw new CommandError(`--allow ${rule}: the pack has no such rule.`);
  }
  const verdicts = undecidedIn(text, levelOf);
  const allowed = new Set(options.allow ?? []);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(verdicts, undefined, 2)}\n`
      : describeUndecided(verdicts, allowed),
  );
  return blocks(verdicts, allowed) ? exitStatus.violation : exitStatus.ok;
}

function configOf(
  { stack, policyPackConfig, production }: UndecidedOptions,
  pack: PackPolicies,
): PolicyPackConfig {
  if (policyPackConfig !== undefined) {
    return requireSound(readJsonObject("--policy-pack-config", policyPackConfig), today(), pack);
  }
  if (stack !== undefined) {
    const { config, project } = loadProject(projectRoot, stack);
    return stackPolicyConfig(parseStackConfig(rawFromPulumi(config, project)), today(), pack);
  }
  return production === true ? { ...productionLevels } : {};
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
