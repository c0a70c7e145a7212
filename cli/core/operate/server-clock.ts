/**
 * AWS's own time, so that what is computed from it and from AWS's timestamps does not depend on this computer's clock.
 * Between two answers it goes on by the computer's monotonic timer, which no correction of the clock moves.
 */
export class ServerClock {
  private told: { readonly at: number; readonly monotonic: number } | undefined;

  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /** @param date HTTP's header `Date`, in whole seconds; anything else is left aside. */
  hear(date: string | undefined): void {
    const at = Date.parse(date ?? "");
    if (Number.isFinite(at)) this.told = { at, monotonic: this.monotonic() };
  }

  /** Milliseconds since 1970; by this computer's clock until AWS has answered once. */
  now(): number {
    return this.told === undefined ? Date.now() : this.told.at + (this.monotonic() - this.told.monotonic);
  }
}
