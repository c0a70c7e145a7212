import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { exportedState, own, pruneTools, usedAccount } from "./prune-tools";

/** Names and tags of a stack are the same in each account that it is deployed in: which one is meant has to be said. */
describe("sagemaker-ops prune after the end of a stack", () => {
  const { serve, run } = pruneTools();
  const destroyed = { state: exportedState({ hasOutputs: false }) };
  const account = (accountId = "123456789012") => {
    const made = usedAccount();
    made.endpoints.clear();
    made.accountId = accountId;
    return made;
  };
  const ownConfigurations = ({ configurations }: ReturnType<typeof account>) =>
    [...configurations].filter(([name, { tags }]) => tags === own && name !== "by-hand-config");

  it("deletes what it has left in the account that is named, but no artifacts, whose bucket it cannot know", async () => {
    const made = account();
    const aws = await serve(made);

    const { status, stdout, stderr } = await run(aws, destroyed, [
      ...["--yes", "--keep", "0", "--account", "123456789012"],
    ]);

    assert.equal(status, 0, stderr);
    assert.deepEqual(ownConfigurations(made), []);
    assert.match(stdout, /artifacts were not looked at/);
    assert.deepEqual(
      aws.calls.filter(({ operation }) => /Object|Bucket/.test(operation)),
      [],
    );
  });

  it("deletes nothing where no account is named, before it asks AWS anything", async () => {
    const aws = await serve(account("999999999999"));

    const { status, stderr } = await run(aws, destroyed, ["--yes", "--keep", "0"]);

    assert.equal(status, 2);
    assert.match(
      stderr,
      /Nothing tells which AWS account the stack dev was deployed in.*Say it with --account/,
    );
    assert.deepEqual(aws.calls, []);
  });

  it("deletes nothing with credentials of another account than the named one", async () => {
    const made = account("999999999999");
    const aws = await serve(made);

    const { status, stderr } = await run(aws, destroyed, [
      ...["--yes", "--keep", "0", "--account", "123456789012"],
    ]);

    assert.equal(status, 2);
    assert.match(stderr, /of the AWS account 999999999999; the stack is deployed in 123456789012/);
    assert.equal(ownConfigurations(made).length, 5);
  });

  it("shows without --yes what is there, and which account that is", async () => {
    const aws = await serve(account("999999999999"));

    const { status, stdout } = await run(aws, destroyed, ["--keep", "0", "--json"]);

    assert.equal(status, 0);
    const { notes } = JSON.parse(stdout) as { notes: string[] };
    assert.match(
      notes.at(-1) ?? "",
      /these things are of 999999999999\. .*--account 999999999999 lets --yes/,
    );
  });

  it("refuses an account that is none, or another than the outputs tell", async () => {
    const aws = await serve(account());
    for (const [state, id, expected] of [
      [destroyed, "12345", /--account is "12345"; it must be the 12 digits/],
      [{ state: exportedState({}) }, "999999999999", /is deployed in 123456789012\. Leave the option out/],
    ] as const) {
      const { status, stderr } = await run(aws, state, ["--account", id]);

      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
    assert.deepEqual(aws.calls, []);
  });
});
