import { startChild } from "../../../cli/core/python/run-child";
import type { Front } from "./front";
import type { Newcomer } from "./newcomer";

/** The last call at which a command is killed; a promotion from a file makes about as many. */
const lastCall = 8;

/**
 * Runs a command and kills it at a call to AWS that the seed chooses, before AWS has done what was asked or after, until it was killed
 * so many times.
 *
 * @returns where it was killed, for people.
 */
export async function killedPromotions(
  somebody: Newcomer,
  front: Front,
  args: readonly string[],
  { seed, times }: { readonly seed: number; readonly times: number },
): Promise<readonly string[]> {
  const kills: string[] = [];
  const random = numbers(seed);
  while (kills.length < times) {
    const at = 1 + Math.floor(random() * lastCall);
    const when = random() < 0.5 ? "cut before" : "cut after";
    const { cwd, env } = await somebody.bounds();
    const child = startChild(process.execPath, ["cli/bin.cjs", ...args], { cwd, env });
    let call = 0;
    front.watch = ({ method, path }) => {
      call += 1;
      if (call < at) return "answer";
      if (call === at) {
        kills.push(`call ${at} (${when.slice(4)} ${method} ${path.slice(0, 60)})`);
        process.kill(-child.pid, "SIGKILL");
      }
      return call === at ? when : "cut before";
    };
    await child.ended;
    front.watch = () => "answer";
  }
  return kills;
}

/** Numbers from 0 to 1 that a seed decides: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
