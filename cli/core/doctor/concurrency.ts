import { about, type Finding } from "./finding";
import type { ConcurrencyNeed } from "./needs";
import { increase } from "./quotas";

/** The account's Lambda concurrency in the region. */
export interface Concurrency {
  /** Executions at once, of all functions. */
  readonly limit: number;
  /** Of these, what no function has reserved. */
  readonly unreserved: number;
  /** What this stack's functions have reserved as they are now; it is theirs again. */
  readonly own: number;
}

/** AWS refuses a reservation that leaves less. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const keptUnreserved = 100;

/** Accounts may begin with this, and then nothing at all can be reserved. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ofNewAccounts = 10;

const quota = { serviceCode: "lambda", code: "L-B99A9384", adjustable: true };

export function judgeConcurrency(
  { reserved, declared }: ConcurrencyNeed,
  { limit, unreserved, own }: Concurrency,
  region: string,
): readonly Finding[] {
  const finding = about("limits", "concurrency", "Lambda executions at once");
  const free = Math.max(0, unreserved + own - keptUnreserved);
  const found = `${limit} in the account, of which ${free} can be reserved; reserved by this stack: ${reserved}`;
  const wanted = Math.max(1000, limit - unreserved - own + reserved + keptUnreserved);
  const findings =
    reserved <= free
      ? [finding.ok(found)]
      : [
          finding.problem(
            limit <= ofNewAccounts ? `${found}. New accounts begin with ${ofNewAccounts}` : found,
            `${reserved} that can be reserved, and ${keptUnreserved} that stay unreserved`,
            increase(quota, wanted, region),
          ),
        ];
  if (declared > limit)
    findings.push(
      finding.warning(
        `the stack file counts on ${declared}, and the account has ${limit}`,
        `quotas.lambdaConcurrentExecutions: ${limit}`,
        "Correct the number: reservations are held against it before they are deployed.",
      ),
    );
  return findings;
}
