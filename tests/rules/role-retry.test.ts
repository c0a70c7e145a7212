import assert from "node:assert/strict";
import fc from "fast-check";
import { rolePauseMilliseconds } from "../../infra/rules/role-retry";

const notYet =
  "creating SageMaker AI Notebook Instance: ValidationException: Could not assume role arn:aws:iam::123456789012:role/r.";

/** Pauses of a creation that fails for its role for ever. */
function pauses(random: () => number): number[] {
  const found: number[] = [];
  for (let errors = [notYet]; ; errors = [notYet, ...errors]) {
    const pause = rolePauseMilliseconds(errors, random());
    if (pause === undefined) return found;
    found.push(pause);
  }
}

describe("the pauses before a creation that failed for its role", () => {
  it("grow to 20 s, half of each left to chance", () => {
    assert.deepEqual(
      pauses(() => 0),
      [1000, 2000, 4000, 8000, ...Array<number>(6).fill(10_000)],
    );
    assert.ok(pauses(() => 0.999).every((pause, index) => pause > 1.99 * (pauses(() => 0)[index] ?? 0)));
  });

  it("outlast a minute whatever chance does, and end after two and a half", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (chance) => {
        const total = pauses(() => Number(chance.next().value)).reduce((sum, pause) => sum + pause, 0);

        return total >= 75_000 && total <= 150_000;
      }),
    );
  });

  it("are none for any other error, also after one for the role", () => {
    const others = [
      "ValidationException: 1 validation error detected: Value 'x_' at 'notebookInstanceName' failed",
      "ResourceLimitExceeded: The account-level service limit is 0 Instances",
      "ThrottlingException: Rate exceeded",
      "AccessDeniedException: not authorized to perform: iam:PassRole",
    ];

    for (const other of others) {
      assert.equal(rolePauseMilliseconds([other], 0.5), undefined, other);
      assert.equal(rolePauseMilliseconds([other, notYet], 0.5), undefined, other);
    }
    assert.equal(rolePauseMilliseconds([], 0.5), undefined);
  });

  it("are the same for Lambda's words", () => {
    const message =
      "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.";

    assert.equal(rolePauseMilliseconds([message], 0), 1000);
  });
});
