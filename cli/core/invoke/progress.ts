type Stream = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };

/** Fewer requests than this are over before anyone looks. */
const worthTelling = 20;

/**
 * Tells how far a run is: on a terminal in one line that is written over, elsewhere in a line for each tenth.
 *
 * @returns what to call after each answer.
 */
export function progressOn(stream: Stream): (done: number, all: number) => void {
  let told = 0;
  return (done, all) => {
    const percent = Math.floor((done * 100) / all);
    if (stream.isTTY === true) {
      if (all === 1 || (percent === told && done > 1)) return;
      told = percent;
      // Erased to its end, as the last one may have been longer.
      stream.write(done === all ? "\r\u001b[K" : `\r${done} of ${all} (${percent} %)\u001b[K`);
      return;
    }
    if (all < worthTelling || percent < told + 10) return;
    told = percent - (percent % 10);
    stream.write(`${done} of ${all} (${percent} %)\n`);
  };
}
