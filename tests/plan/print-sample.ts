import { renderJson } from "../../plan/report/json";
import { terminalLayout } from "../../plan/report/layout";
import { renderTerminal } from "../../plan/report/terminal";
import { samplePlan } from "./sample-plan";

/** Prints the sample plan in both forms; started by tests as a process of its own, under another locale and zone. */
async function main(): Promise<void> {
  const plan = await samplePlan();
  process.stdout.write(renderJson(plan));
  process.stdout.write(renderTerminal(plan, terminalLayout(process.env, process.stdout)));
}

void main();
