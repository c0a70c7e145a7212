export type ProgressStream = Pick<NodeJS.WriteStream, "write"> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Milliseconds between two writings of a line on a terminal. */
const pauseMs = 100;

/** Milliseconds of work, elsewhere, before the first line and between two: what ends sooner needs none. */
const linePauseMs = 1000;

/**
 * Tells how far work is: on a terminal in one line that is written over, elsewhere in a line for each tenth, none for what is
 * over within a second.
 *
 * @param describe the text for a share, without the percentage: "3 of 40 files".
 */
export function progressLine(
  stream: ProgressStream,
  describe: (done: number, all: number) => string,
  now: () => number = Date.now,
): { readonly update: (done: number, all: number) => void; readonly end: () => void } {
  let told = 0;
  let toldAt = stream.isTTY === true ? Number.NEGATIVE_INFINITY : now();
  let open = false;
  const update = (done: number, all: number) => {
    const percent = all === 0 ? 100 : Math.floor((done * 100) / all);
    const text = `${describe(done, all)} (${percent} %)`;
    if (stream.isTTY === true) {
      if (now() - toldAt < pauseMs && done < all) return;
      toldAt = now();
      open = true;
      // A line that wraps cannot be written over.
      stream.write(`\r${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}\u001b[K`);
      return;
    }
    if (percent < told + 10 || now() - toldAt < linePauseMs) return;
    told = percent - (percent % 10);
    toldAt = now();
    stream.write(`${text}\n`);
  };
  const end = () => {
    if (open) stream.write("\r\u001b[K");
    open = false;
  };
  return { update, end };
}

/** Of a number of bytes: "1.4 GB". */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
