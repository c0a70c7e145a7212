import type { LogEvent } from "./log-text";

/**
 * CloudWatch takes lines late and out of order, above all from several instances: lines of the last two minutes are asked
 * for again at every look, and shown once.
 */
export const overlapMilliseconds = 120_000;

/** Keeps lines that were read twice from being shown twice. */
export class Follower {
  private readonly shown = new Map<string, number>();
  private newest: number | undefined;

  /** @param begin time of the first line that is wanted; absent: the log's first. */
  constructor(private readonly begin: number | undefined) {}

  /** Time to ask from at the next look. */
  get from(): number | undefined {
    if (this.newest === undefined) return this.begin;
    return Math.max(this.begin ?? 0, this.newest - overlapMilliseconds);
  }

  /** The lines of a page that were not shown yet, in their order. */
  unseen(page: readonly LogEvent[]): readonly LogEvent[] {
    const unseen: LogEvent[] = [];
    for (const event of page) {
      const key = event.id ?? `${event.stream} ${event.at} ${event.message}`;
      if (this.shown.has(key)) continue;
      this.shown.set(key, event.at);
      this.newest = Math.max(this.newest ?? event.at, event.at);
      unseen.push(event);
    }
    return unseen;
  }

  /** Forgets lines that are not asked for again. */
  forget(): void {
    const { from } = this;
    if (from === undefined) return;
    for (const [key, at] of this.shown) if (at < from) this.shown.delete(key);
  }
}
