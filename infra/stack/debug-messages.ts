import * as pulumi from "@pulumi/pulumi";

type Debug = typeof pulumi.log.debug;

const gathering = new WeakSet<Debug>();

/**
 * Sends the SDK's debug messages in fewer calls to the engine.
 *
 * The SDK writes three messages about each resource and three more about each component, and waits for the answer to each before it sends the
 * next: three of four calls of a run, and as much of its time. `pulumi up --debug` shows the same messages in the same order, some of
 * them as lines of one. A version of the SDK that sends them in another way goes on doing so.
 */
export function gatherDebugMessages(): void {
  const log: { debug: Debug } = pulumi.log;
  // Without an engine, as in a plan, none is sent. A process that runs several programs has one SDK.
  if (pulumi.runtime.getEngine() === undefined || gathering.has(log.debug)) return;
  log.debug = gathered(log.debug, pulumi.runtime.rpcKeepAlive);
  gathering.add(log.debug);
}

/**
 * What comes in while a message is on its way is sent as one, in its order, once that has arrived. A message about one resource, or
 * of a stream, is not held back: its place is part of it.
 *
 * @param keepAlive holds the connection to the engine until the function that it returns is called.
 */
export function gathered(send: Debug, keepAlive: () => () => void): Debug {
  let waiting: string[] = [];
  let sent: Promise<void> | undefined;
  const sendAll = async (): Promise<void> => {
    const done = keepAlive();
    try {
      while (waiting.length > 0) {
        const message = waiting.join("\n");
        waiting = [];
        await send(message);
      }
    } finally {
      sent = undefined;
      done();
    }
  };
  return (message, ...about) => {
    if (about.some((part) => part !== undefined)) return send(message, ...about);
    waiting.push(message);
    sent ??= sendAll();
    return sent;
  };
}
