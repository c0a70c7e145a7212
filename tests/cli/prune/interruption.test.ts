import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { contentsOf, copyOf } from "./fake-account";
import { digestOf, pruneTools, smallAccount, usedState } from "./prune-tools";

/**
 * The process that is killed is played by a service that no longer answers, before or after it has done what it was asked for:
 * prune keeps nothing but what AWS has.
 */
describe("a prune that is killed", function () {
  this.timeout(120_000);
  const { serve, run } = pruneTools();
  const used = { state: usedState, promotedDigest: digestOf("d5") };
  const args = ["--yes", "--keep", "1"];

  it("ends as if it had not been, when it is run again, whichever call it was killed at", async () => {
    const start = smallAccount();
    const undisturbed = copyOf(start);
    const first = await serve(undisturbed);
    assert.equal((await run(first, used, args)).status, 0);
    const expected = contentsOf(undisturbed);
    const numbers = first.calls.map((_, index) => index + 1);
    const deletions = first.calls.filter(({ operation }) => operation.startsWith("Delete")).length;
    assert.equal(deletions, 4);

    for (const fatal of numbers) {
      for (const fate of ["die before", "die after"] as const) {
        // A call that changes nothing has no "after".
        if (fate === "die after" && !first.calls[fatal - 1]?.operation.startsWith("Delete")) continue;
        const account = copyOf(start);
        const killed = await serve(account);
        killed.fate = (_, number) => (number === fatal ? fate : "answer");
        assert.equal((await run(killed, used, args)).status, 3);
        await killed.close();
        for (const name of Object.keys(expected) as (keyof typeof expected)[])
          for (const kept of expected[name] ?? []) assert.ok(contentsOf(account)[name]?.includes(kept));
        const again = await serve(account);

        const { status, stderr } = await run(again, used, args);

        assert.equal(status, 0, stderr);
        assert.deepEqual(contentsOf(account), expected, `${fate} call ${fatal}`);
        await again.close();
      }
    }
  });
});
