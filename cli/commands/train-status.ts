import { terminalLayout } from "../../plan/report/layout";
import { awsStatus } from "../core/aws/errors";
import { inParallel } from "../core/aws/in-parallel";
import type { OperateProcess } from "../core/operate/process";
import { knownStack, openSession, requireStackAccount, type StackOptions } from "../core/operate/session";
import { lookAtJob } from "../core/train/look";
import { statusJson, statusText } from "../core/train/status-report";
import { declaredJobs } from "../core/train/targets";

export interface TrainStatusOptions extends StackOptions {
  readonly json?: boolean;
}

/** Shows every declared job as it is now; returns the exit status. */
export async function trainStatus(
  options: TrainStatusOptions,
  own: OperateProcess = process,
): Promise<number> {
  const known = knownStack(options, own);
  const { targets, waiting } = declaredJobs(known.declared.config, known.deployed);
  const session = openSession(known, own);
  try {
    if (targets.length > 0) await requireStackAccount(session);
    const looks = await inParallel(targets, (target) =>
      lookAtJob(session.clients, session.region, target, () => session.clock.now()),
    );
    const report = { stack: known.title, region: known.region, looks, waiting };
    own.stdout.write(
      options.json === true ? statusJson(report) : statusText(report, terminalLayout(own.env, own.stdout)),
    );
    return awsStatus.ok;
  } finally {
    session.close();
  }
}
