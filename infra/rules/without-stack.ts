/**
 * Takes the stack trace off an error that is only told by its message.
 *
 * Pulumi's runner inspects every failure that has one, and some versions of Node spend a minute and gigabytes on the frames
 * of Pulumi's own sources (https://github.com/nodejs/node/issues/64011).
 */
export function withoutStack<E extends Error>(error: E): E {
  error.stack = "";
  return error;
}
