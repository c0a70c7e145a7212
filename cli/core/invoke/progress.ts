type Stream = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };

/** Fewer requests than this are over before anyone looks. */
const worthTelling = 20;

/**
 * Tells how far a run is: on a terminal in one line that is written over, elsewhere in a line for each tenth.
 *
 * @returns what to call after each answer, and at the end of a run that may have been cut short.
 */
export function progressOn(stream: Stream): {
  readonly tell: (done: number, all: number) => void;
  readonly end: () => void;
} {
  let told = 0;
  let open = false;
  const end = () => {
    if (open) stream.write("\r\u001b[K");
    open = false;
  };
  const tell = (done: number, all: number) => {
    const percent = Math.floor((done * 100) / all);
    if (stream.isTTY === true) {
      if (done === all) return end();
      if (percent === told && done > 1) return;
      told = percent;
      open = true;
      // Erased to its end, as the last one may have been longer.
      stream.write(`\r${done} of ${all} (${percent} %)\u001b[K`);
      return;
    }
    if (all < worthTelling || percent < told + 10) return;
    told = percent - (percent % 10);
    stream.write(`${done} of ${all} (${percent} %)\n`);
  };
  return { tell, end };
}
