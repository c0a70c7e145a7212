import { terminalLayout } from "../../plan/report/layout";
import { awsStatus } from "../core/aws/errors";
import { CommandError } from "../core/exit-status";
import type { OperateProcess } from "../core/operate/process";
import { knownStack, openSession, requireStackAccount, type StackOptions } from "../core/operate/session";
import { isSettled } from "../core/train/job-record";
import { readReport } from "../core/train/read-report";
import { reportFiles, reportJson, writeReport } from "../core/train/report-files";
import { reportText } from "../core/train/report-text";
import { choiceOf, declaredJobs, type Jobs, type JobTarget, namedJob } from "../core/train/targets";

export interface TrainReportOptions extends StackOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** Compares the trials of a search, or tells the epochs of one job; returns the exit status. */
export async function trainReport(
  name: string | undefined,
  options: TrainReportOptions,
  own: OperateProcess = process,
): Promise<number> {
  const known = knownStack(options, own);
  const jobs = declaredJobs(known.declared.config, known.deployed);
  const target = name === undefined ? onlyJob(jobs) : namedJob(name, jobs);
  const session = openSession(known, own);
  const isTerminal = own.stderr.isTTY === true;
  try {
    await requireStackAccount(session);
    const report = await readReport(session, target, (done, all) => {
      if (isTerminal) own.stderr.write(`\rRead trial ${done} of ${all}\u001b[K`);
    });
    if (isTerminal) own.stderr.write("\r\u001b[K");
    if (report === undefined)
      throw new CommandError(`There is no job ${target.jobName} in ${known.region}.`, awsStatus.failed);
    own.stdout.write(
      options.json === true ? reportJson(report) : reportText(report, terminalLayout(own.env, own.stdout)),
    );
    if (options.out !== undefined)
      for (const path of writeReport(options.out, reportFiles(report))) own.stderr.write(`Wrote ${path}\n`);
    return report.best === undefined && isSettled(report) ? awsStatus.failed : awsStatus.ok;
  } finally {
    session.close();
  }
}

/** The search is what one compares by; without one, the job. */
function onlyJob(jobs: Jobs): JobTarget {
  const searches = jobs.targets.filter(({ kind }) => kind === "tuning");
  const [first, ...others] = searches.length > 0 ? searches : jobs.targets;
  if (first !== undefined && others.length === 0) return first;
  throw new CommandError(`Name the job to report on. ${choiceOf(jobs.targets)}`);
}
