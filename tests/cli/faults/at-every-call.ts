import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { before, describe, it } from "mocha";
import type { CliResult } from "../../support/run-cli";
import { actionOf } from "./actions";
import { type FaultProxy, type ProxiedCall, startFaultProxy } from "./fault-proxy";
import type { Protocol, RefusedKind } from "./protocols";
import { attempts } from "./run-command";
import type { Scenario, World } from "./scenario";

/** A refusal, or a connection that is cut. */
type Kind = RefusedKind | "reset";

const passing: readonly Kind[] = ["throttled", "broken", "reset"];
const lasting: readonly Kind[] = ["throttled", "broken", "reset", "expired", "denied"];

/**
 * Most requests after the first that failed: attempts at a call, calls on their way together, and looks of a command that waits; of one
 * that asks on, all attempts at all calls.
 */
function mostAfter({ asksOn }: Scenario, operations: readonly string[]): number {
  return asksOn === true ? attempts * operations.length : 40;
}

/** What the command says of each, whatever the line breaks of a table. */
const words: Readonly<Record<Kind, readonly [cause: RegExp, next: RegExp]>> = {
  throttled: [/throttles the calls|is overloaded/, /Wait a minute|Lower --concurrency|verify again/],
  broken: [/an error inside AWS|failed: \w+, status 500/, /Wait a minute|Try again/],
  reset: [/not reached \(ECONNRESET\)|could not be reached \(ECONNRESET\)|ECONNRESET/, /Check the network/],
  expired: [/credentials (?:that )?have expired/, /Sign in again/],
  denied: [/may not/, /Allow/],
  skewed: [/clock is/, /Set (?:the clock|it)/],
  elsewhere: [/another region|lies in|does not know these credentials/, /region/],
};

async function within<T>(
  scenario: Scenario,
  body: (world: World, proxy: FaultProxy) => Promise<T>,
): Promise<T> {
  const world = await scenario.begin();
  const proxy = await startFaultProxy(world.target);
  try {
    return await body(world, proxy);
  } finally {
    await proxy.close();
    await world.close();
  }
}

function said({ stdout, stderr }: CliResult): string {
  return `${stdout} ${stderr}`.replace(/\s+/g, " ");
}

function faultOf(kind: Kind) {
  return kind === "reset" ? "reset" : { kind };
}

/** The exit status that the command's help promises. */
function statusFor(
  { spares, asksOn }: Scenario,
  kind: Kind,
  operations: readonly string[],
  text: string,
): number {
  const fitsAll = (pattern: RegExp) => operations.every((operation) => pattern.test(operation));
  const goesOn = kind !== "expired" || asksOn === true;
  if (spares !== undefined && goesOn && fitsAll(spares)) return 0;
  const isAnswer = kind === "throttled" || kind === "broken";
  if (isAnswer && fitsAll(/^Invoke(?:Endpoint|Function)$/)) return 1;
  if (isAnswer && text.includes("Could not be deleted")) return 1;
  return 3;
}

/**
 * A command against faults of AWS at every call that it makes: the calls are counted, not listed, so that a new one is held to
 * the same. The faults have the forms of the API references; that AWS fails in no other way is not proved by it.
 */
export function meetsFaults(scenario: Scenario): void {
  describe(`${scenario.title}, at each of its calls`, function () {
    // Some hundred runs of a command, on whatever computer this is.
    this.timeout(900_000);
    let operations: readonly string[] = [];
    let protocols: readonly Protocol[] = [];
    let begun: readonly string[] = [];
    let ended: readonly string[] = [];
    /** What the next run has been seen to complete. It finds nothing else of the run before. */
    const completed = new Set<string>();

    const completes = async (world: World, proxy: FaultProxy, at: string) => {
      const found = JSON.stringify(world.state());
      if (completed.has(found)) return;
      proxy.fault = () => undefined;
      const again = await world.run(proxy.origin);
      assert.equal(again.status, 0, `again after ${at}: ${said(again)}`);
      assert.deepEqual(world.state(), ended, at);
      completed.add(found);
    };

    before(() =>
      within(scenario, async (world, proxy) => {
        begun = world.state();
        const { status, stderr } = await world.run(proxy.origin);
        assert.equal(status, 0, stderr);
        operations = proxy.calls.map(({ operation }) => operation);
        protocols = proxy.calls.map(({ protocol }) => protocol);
        ended = world.state();
      }),
    );

    if (scenario.sendsOnce !== true)
      it("comes to the same end where each call is throttled once, fails once, or is cut once", async () => {
        for (const kind of passing)
          await within(scenario, async (world, proxy) => {
            const arrivals = new Map<string, number>();
            proxy.fault = ({ key }) => {
              const count = (arrivals.get(key) ?? 0) + 1;
              arrivals.set(key, count);
              return count % 2 === 1 ? faultOf(kind) : undefined;
            };

            const { status, stderr } = await world.run(proxy.origin);

            assert.equal(status, 0, `${kind}: ${stderr}`);
            assert.deepEqual(world.state(), ended, kind);
            assert.ok(proxy.calls.length >= 2 * operations.length, kind);
          });
      });

    for (const kind of lasting)
      it(`ends and says what to do where it is ${kind} from any call on, and does it all the next time`, async () => {
        for (let from = 1; from <= operations.length; from += 1)
          await within(scenario, async (world, proxy) => {
            proxy.fault = ({ number }) => (number >= from ? faultOf(kind) : undefined);

            const result = await world.run(proxy.origin);

            const at = `${kind} from call ${from}, ${operations[from - 1]}: ${said(result)}`;
            const failures = proxy.calls.slice(from - 1);
            const failed = failures.map(({ operation }) => operation);
            assert.equal(result.status, statusFor(scenario, kind, failed, result.stdout), at);
            assert.ok(failed.length <= mostAfter(scenario, operations), `${failed.length} requests: ${at}`);
            const [cause, next] = words[kind];
            assert.match(said(result), cause, at);
            assert.match(said(result), next, at);
            for (const other of ["skewed", ...lasting] as const)
              if (other !== kind) assert.doesNotMatch(said(result), words[other][0], `${other}: ${at}`);
            assert.ok(
              failures.some((call) => names(said(result), call)),
              at,
            );
            for (const line of world.state())
              assert.ok(
                begun.includes(line) || ended.includes(line) || line.startsWith("unfinished"),
                `${at}\n${line}`,
              );
            if (scenario.changes) await completes(world, proxy, at);
          });
      });

    if (scenario.changes)
      it("comes to the same end, run again, where it was cut off after any call", async () => {
        for (let last = 1; last <= operations.length; last += 1)
          await within(scenario, async (world, proxy) => {
            proxy.fault = ({ number }) => (number === last ? "lost" : number > last ? "reset" : undefined);

            const cut = await world.run(proxy.origin);

            await completes(
              world,
              proxy,
              `cut off after call ${last}, ${operations[last - 1]}: ${said(cut)}`,
            );
          });
      });

    it("goes on where this computer's clock is an hour wrong, or says by how much it is", async () => {
      for (const [aheadSeconds, words, found] of [
        [3600, /clock is 1 h behind AWS's/, /"(?:1 h|59 min \d+ s) behind AWS's"/],
        [-3600, /clock is 1 h ahead of AWS's/, /"1 h(?: \d+ s)? ahead of AWS's"/],
      ] as const)
        await within(scenario, async (world, proxy) => {
          proxy.aheadSeconds = aheadSeconds;

          const result = await world.run(proxy.origin);

          if (scenario.sendsOnce === true) {
            assert.equal(result.status, 3);
            assert.match(said(result), words);
            return;
          }
          if (scenario.tellsClock === true) {
            assert.equal(result.status, 1);
            assert.match(said(result), found);
            return;
          }
          assert.equal(result.status, 0, said(result));
          assert.deepEqual(world.state(), ended);
        });
    });

    it("says so where the region is not the account's or the bucket's", async () => {
      await within(scenario, async (world, proxy) => {
        proxy.fault = ({ protocol }) => (protocol === "s3" ? undefined : { kind: "elsewhere" });
        if (scenario.usesBucketOnly !== true) {
          const refused = await world.run(proxy.origin);
          assert.equal(refused.status, 3, said(refused));
          assert.match(
            said(refused),
            /does not know these credentials.*not enabled answers alike: check (?:aws:|--)region|Price List API.*does not know/,
          );
        }
        if (!protocols.includes("s3")) return;
        proxy.fault = () => undefined;
        proxy.bucketRegion = "eu-west-1";

        const result = await world.run(proxy.origin);

        if (scenario.usesBucketOnly === true) {
          assert.equal(result.status, 0, said(result));
          assert.deepEqual(world.state(), ended);
          return;
        }
        assert.equal(result.status, 3, said(result));
        assert.match(said(result), /the bucket lies in eu-west-1\. Correct aws:region/);
        assert.deepEqual(world.state(), begun);
      });
    });

    it("ends with 3 where nobody listens", async () => {
      await within(scenario, async (world) => {
        const result = await world.run(await deafOrigin());

        assert.equal(result.status, 3, said(result));
        assert.match(said(result), /ECONNREFUSED.*Check the network/);
        assert.deepEqual(world.state(), begun);
      });
    });
  });
}

/** Whether the text says what was asked for: by IAM's name, or as a person knows it. */
function names(text: string, { operation, protocol }: ProxiedCall): boolean {
  if (text.includes(actionOf(operation, protocol))) return true;
  return (
    (operation === "GetProducts" && text.includes("The Price List API")) ||
    (/^Invoke/.test(operation) && /endpoint|function/.test(text))
  );
}

/** An address at which a server was. */
async function deafOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
