import { Follower } from "./follow";
import type { Interruptible } from "./interruption";
import { type LogEvent, logLine, sourceOf } from "./log-text";
import type { Patience } from "./patience";
import { type LogScope, readLog } from "./read-log";
import type { Session } from "./session";

export interface StreamOptions {
  /** Milliseconds since 1970. @default - from the log's beginning */
  readonly from?: number | undefined;
  /** Whether more lines may come; asked before each look, so that what it wrote last is read too. Absent: one look. */
  readonly goesOn?: (() => Promise<boolean>) | undefined;
  readonly work: Interruptible;
  readonly patience: Patience;
  readonly write: (line: string) => void;
  readonly tell: (line: string) => void;
}

/** Writes the log line by line, each once; returns how many there were. */
export async function streamLog(session: Session, scope: LogScope, options: StreamOptions): Promise<number> {
  const { work, patience, goesOn, write, tell } = options;
  const follower = new Follower(options.from);
  const sources = new Set<string>();
  let written = 0;
  const show = (events: readonly LogEvent[]) => {
    for (const { stream } of events) sources.add(sourceOf(stream));
    // All lines of one instance need no name; once there is a second, each line has one.
    for (const event of events) write(logLine(event, sources.size > 1));
    written += events.length;
  };
  for (;;) {
    let more = false;
    try {
      more = goesOn !== undefined && (await work.run(goesOn));
      const before = written;
      const pages = readLog(session.clients.logs, scope, { from: follower.from });
      for (let page = await work.run(() => pages.next()); page.done !== true; ) {
        show(follower.unseen(page.value));
        page = await work.run(() => pages.next());
      }
      follower.forget();
      patience.answered(written > before);
      if (!more) return written;
    } catch (error) {
      if (goesOn === undefined) throw error;
      const outage = patience.failed(error);
      if (outage.told !== undefined) tell(outage.told);
      if (outage.renews) session.renew();
    }
    await work.sleep(patience.pauseSeconds);
  }
}
