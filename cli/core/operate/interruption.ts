import type { Interrupt, OperateProcess } from "./process";

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor(readonly signal: Interrupt) {
    super(`Interrupted by ${signal}.`);
  }
}

/** Work that Ctrl-C ends at once, whatever it waits for. */
export interface Interruptible {
  /** @throws Interrupted as soon as the person asks for it; the answer that comes later is dropped. */
  run<T>(work: () => Promise<T>): Promise<T>;
  sleep(seconds: number): Promise<void>;
  /** The process ends on Ctrl-C again, as it did before. */
  end(): void;
}

export function interruptible({
  onInterrupt = onSignals,
}: Pick<OperateProcess, "onInterrupt">): Interruptible {
  let timer: NodeJS.Timeout | undefined;
  let interrupt: (error: Interrupted) => void = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = reject;
  });
  // Nobody may be listening when it comes; whoever waits next gets it all the same.
  interrupted.catch(() => {});
  const end = onInterrupt((signal) => {
    clearTimeout(timer);
    interrupt(new Interrupted(signal));
  });
  const run = <T>(work: () => Promise<T>) => Promise.race([interrupted, work()]);
  return {
    run,
    sleep: (seconds) =>
      run(
        () =>
          new Promise((resolve) => {
            timer = setTimeout(resolve, seconds * 1000);
          }),
      ),
    end,
  };
}

function onSignals(interrupted: (signal: Interrupt) => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const listeners = signals.map((signal) => [signal, () => interrupted(signal)] as const);
  for (const [signal, listener] of listeners) process.once(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
  };
}
