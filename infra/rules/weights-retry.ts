/**
 * What Lambda says of an alias while it moves environments that are kept ready to another version: it does so by weights of its own, for
 * some minutes, and refuses another number of environments meanwhile
 * (https://github.com/hashicorp/terraform-provider-aws/issues/13329).
 */
const weighted = /Alias with weights can not be used with Provisioned Concurrency/;

const pauses = 45;
const pauseSeconds = 20;
const secondMilliseconds = 1000;

/**
 * How long to wait before a number of environments is set again that was refused for the alias's weights, or `undefined` to give up: for
 * any other error at once, for this one after 15 min, for which the provider waits for environments too. Weights stay where the new
 * version's environments do not start.
 *
 * @param errors of this operation so far, newest first; at least one.
 */
export function weightsPauseMilliseconds(errors: readonly string[]): number | undefined {
  const [newest] = errors;
  return newest === undefined || !weighted.test(newest) || errors.length > pauses
    ? undefined
    : pauseSeconds * secondMilliseconds;
}
