import type { PruneProcess } from "../../../cli/commands/prune";
import { contentsOf, type FakeVersion } from "../../cli/prune/fake-account";
import { startFakeAws } from "../../cli/prune/fake-aws";
import type { FakePackage } from "../../cli/prune/fake-registry";
import { fakeAccountOf, removeGone } from "../../cli/prune/from-cloud";
import { awsEnvironment } from "../../cli/prune/prune-tools";
import { setEnvironment } from "../../support/environment";
import type { EngineStack } from "./engine-stack";

const noAccount = "123456789012";

/** What commands write that the simulated account does not have: it lasts from one command to the next. */
export interface Kept {
  /** Of the models bucket. */
  readonly objects: FakeVersion[];
  /** Of the stack's one model package group. @default [] */
  readonly packages?: FakePackage[];
  /** User whose credentials the command has. */
  readonly caller?: string;
}

/** Runs a command on a stack, its state read by the real CLI, and takes what it deleted out of the simulated account. */
export async function operate(
  stack: EngineStack,
  { objects, packages = [], caller = "test" }: Kept,
  run: (own: PruneProcess) => Promise<number>,
) {
  const { buckets, accountId = noAccount } = stack.outputs() as {
    buckets?: { models: string };
    accountId?: string;
  };
  const account = fakeAccountOf(stack.account(), accountId);
  account.caller = caller;
  if (buckets !== undefined) account.buckets.set(buckets.models, objects);
  for (const group of account.packageGroups.keys()) account.packageGroups.set(group, packages);
  const aws = await startFakeAws(account);
  const restore = setEnvironment({
    ...(stack.environment() as Record<string, string>),
    ...awsEnvironment(aws.origin, stack.path("")),
  });
  let text = "";
  const write = (some: string) => {
    text += some;
    return true;
  };
  try {
    const status = await run({ stdout: { write }, stderr: { write }, env: {}, folder: stack.path("") });
    stack.changeAccount((cloud) => removeGone(cloud, account));
    return { status, text, after: contentsOf(account) };
  } finally {
    restore();
    await aws.close();
  }
}
