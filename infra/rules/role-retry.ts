/**
 * What AWS says of a role that it does not know everywhere yet. It says the same of a role that is wrong, so that only time tells the two
 * apart.
 */
const notAssumable = /Could not assume role|cannot be assumed/;

const attempts = 11;
const firstPauseSeconds = 2;
const longestPauseSeconds = 20;
const secondMilliseconds = 1000;

/**
 * How long to wait before a creation that failed for its role is tried again, or `undefined` to give up: for any other error at once,
 * for this one after at least 75 and at most 150 s of pauses. New roles usually take seconds, seldom a minute
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html, "eventually consistent").
 *
 * @param errors of this creation so far, newest first; at least one.
 * @param random at least 0, less than 1: half of each pause is left to chance, so that several creations do not come back together.
 */
export function rolePauseMilliseconds(errors: readonly string[], random: number): number | undefined {
  const [newest] = errors;
  if (newest === undefined || !notAssumable.test(newest) || errors.length >= attempts) return undefined;
  const whole = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (errors.length - 1));
  return (whole / 2 + (whole / 2) * random) * secondMilliseconds;
}
