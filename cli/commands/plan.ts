import { readFileSync } from "node:fs";
import type { InvokeFixtures } from "../../plan/fixtures";
import { planExitCode } from "../../plan/plan";
import type { PolicyPackConfig } from "../../plan/policy-config";
import { renderJson } from "../../plan/report/json";
import { terminalLayout } from "../../plan/report/layout";
import { renderTerminal } from "../../plan/report/terminal";
import { CommandError } from "../core/exit-status";
import { type PlanRequest, planStack } from "../core/plan-stack";

interface PlanOptions extends Omit<PlanRequest, "policyConfig" | "fixtures" | "dueOnly"> {
  readonly json?: boolean;
  readonly due?: boolean;
  readonly full?: boolean;
  readonly policyPackConfig?: string;
  readonly fixtures?: string;
}

/** Prints a plan; returns the exit status. */
export async function plan({
  json,
  due,
  full,
  policyPackConfig,
  fixtures,
  ...request
}: PlanOptions): Promise<number> {
  const planned = await planStack({
    ...request,
    dueOnly: due,
    policyConfig: readJson<PolicyPackConfig>("--policy-pack-config", policyPackConfig),
    fixtures: readJson<InvokeFixtures>("--fixtures", fixtures),
  });
  process.stdout.write(
    json === true
      ? renderJson(planned)
      : renderTerminal(planned, terminalLayout(process.env, process.stdout), { full: full === true }),
  );
  return planExitCode(planned);
}

function readJson<T extends object>(option: string, file: string | undefined): T | undefined {
  if (file === undefined) return undefined;
  const text = readText(option, file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as T;
  } catch (error) {
    throw new CommandError(
      `${option} ${file} is not valid JSON: ${(error as Error).message}. Correct the file.`,
    );
  }
  throw new CommandError(
    `${option} ${file} holds ${text.trim().slice(0, 20)}…; it must hold one JSON object.`,
  );
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(
      `${option} ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Name a file that exists.`,
    );
  }
}
