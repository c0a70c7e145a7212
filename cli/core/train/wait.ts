import { stripVTControlCharacters } from "node:util";
import type { Layout } from "../../../plan/report/layout";
import { durationText } from "../operate/duration";
import type { Interruptible } from "../operate/interruption";
import type { LiveBlock } from "../operate/live-block";
import type { Patience } from "../operate/patience";
import type { Session } from "../operate/session";
import { bestText, costText, epochText, metricsText, stateText, timeText, trialsText } from "./figures";
import { hasSucceeded, isSettled } from "./job-record";
import { type JobLook, lookAtJob } from "./look";
import { jobLines } from "./status-report";
import type { JobTarget } from "./targets";

/** How a wait tells how far the jobs are. */
export type Telling =
  | { readonly kind: "block"; readonly block: LiveBlock; readonly layout: Layout }
  | { readonly kind: "lines"; readonly write: (line: string) => void };

/** Where nobody redraws a block, a job that does not change is told of again after so long: it is alive, and costs. */
const silenceMilliseconds = 300_000;

/**
 * Looks at the jobs until nothing changes any more, and tells what changed.
 *
 * @param looks gets the newest look at each job, by its name in SageMaker: whoever is interrupted has it.
 */
export async function waitForJobs(
  session: Session,
  targets: readonly JobTarget[],
  looks: Map<string, JobLook>,
  {
    work,
    patience,
    telling,
  }: {
    readonly work: Interruptible;
    readonly patience: Patience;
    readonly telling: Telling;
  },
): Promise<readonly JobLook[]> {
  const told = new Map<string, { readonly line: string; readonly at: number }>();
  let trouble: string | undefined;
  for (;;) {
    const open = targets.filter(({ jobName }) => !isOver(looks.get(jobName)));
    try {
      let changed = false;
      for (const target of open) {
        const look = await work.run(() =>
          lookAtJob(session.clients, session.region, target, () => session.clock.now()),
        );
        looks.set(target.jobName, look);
        const line = lineOf(look);
        const at = session.clock.now();
        const last = told.get(target.jobName);
        const isNew = last?.line !== line;
        changed ||= isNew;
        if (isNew || at - last.at >= silenceMilliseconds) {
          if (telling.kind === "lines") telling.write(`${line}${restOf(look)}`);
          told.set(target.jobName, { line, at });
        }
      }
      trouble = undefined;
      patience.answered(changed);
    } catch (error) {
      const outage = patience.failed(error);
      trouble = outage.told ?? trouble;
      if (telling.kind === "lines" && outage.told !== undefined) telling.write(outage.told);
      if (outage.renews) session.renew();
    }
    if (targets.every(({ jobName }) => isOver(looks.get(jobName)))) break;
    if (telling.kind === "block") showBlock(telling, targets, looks, session.region, trouble);
    await work.sleep(patience.pauseSeconds);
  }
  if (telling.kind === "block") telling.block.clear();
  return targets.flatMap(({ jobName }) => looks.get(jobName) ?? []);
}

/** A job that does not exist cannot change either. */
export function isOver(look: JobLook | undefined): boolean {
  return look !== undefined && (look.record === undefined || isSettled(look.record));
}

export function hasEndedWell({ record }: JobLook): boolean {
  return record !== undefined && hasSucceeded(record);
}

/** What is worth a new line once it changes. */
function lineOf({ target, record, epochs }: JobLook): string {
  if (record === undefined) return `${target.key}: there is no such job`;
  const parts =
    record.kind === "training"
      ? [prefixed("epoch ", epochText(record, epochs)), metricsText(record, epochs)]
      : [prefixed("trials ", trialsText(record)), prefixed("best ", bestText(record))];
  return [`${target.key}: ${stateText(record)}`, ...parts.filter((part) => part !== undefined)].join("; ");
}

/** What changes by itself as time passes. */
function restOf({ record, progress }: JobLook): string {
  if (record === undefined || progress === undefined) return "";
  const { remainingSeconds: left } = progress;
  return `; ${timeText(progress, record)}; ${costText(progress, true)}${left === undefined ? "" : `; about ${durationText(left)} left`}`;
}

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : prefix + text;
}

function showBlock(
  { block, layout }: Extract<Telling, { kind: "block" }>,
  targets: readonly JobTarget[],
  looks: ReadonlyMap<string, JobLook>,
  region: string,
  trouble: string | undefined,
): void {
  const seen = targets.flatMap(({ jobName }) => looks.get(jobName) ?? []);
  const foot = [
    ...(trouble === undefined ? [] : [layout.paint.yellow(trouble)]),
    layout.paint.dim("Ctrl-C ends the waiting and leaves the jobs running."),
  ];
  const short = seen.map((look) =>
    stripVTControlCharacters(lineOf(look) + restOf(look)).slice(0, layout.width),
  );
  block.show(
    [...seen.flatMap((look) => [...jobLines(look, layout, region), ""]), ...foot],
    [...short, ...foot],
  );
}
