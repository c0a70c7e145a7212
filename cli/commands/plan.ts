import type { InvokeFixtures } from "../../plan/fixtures";
import { planExitCode } from "../../plan/plan";
import type { PolicyPackConfig } from "../../plan/policy-config";
import { renderJson } from "../../plan/report/json";
import { terminalLayout } from "../../plan/report/layout";
import { renderTerminal } from "../../plan/report/terminal";
import { type PlanRequest, planStack } from "../core/plan-stack";
import { readJsonObject } from "../core/read-file";

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
    policyConfig: fileOf<PolicyPackConfig>("--policy-pack-config", policyPackConfig),
    fixtures: fileOf<InvokeFixtures>("--fixtures", fixtures),
  });
  process.stdout.write(
    json === true
      ? renderJson(planned)
      : renderTerminal(planned, terminalLayout(process.env, process.stdout), { full: full === true }),
  );
  return planExitCode(planned);
}

function fileOf<T extends object>(option: string, file: string | undefined): T | undefined {
  return file === undefined ? undefined : readJsonObject<T>(option, file);
}
