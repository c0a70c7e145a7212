import assert from "node:assert/strict";
import { weightsPauseMilliseconds } from "../../infra/rules/weights-retry";

const weighted =
  "setting Lambda Provisioned Concurrency Config (f,live): InvalidParameterValueException: Alias with weights can not be used with Provisioned Concurrency";

describe("the pauses before provisioned concurrency is set again on an alias with weights", () => {
  it("are of 20 s, and end after 15 min", () => {
    const found = Array.from({ length: 50 }, (_, index) =>
      weightsPauseMilliseconds(Array<string>(index + 1).fill(weighted)),
    );

    assert.deepEqual(found, [...Array(45).fill(20_000), ...Array(5).fill(undefined)]);
  });

  it("are none for any other error, also after one for the weights", () => {
    const others = [
      "InvalidParameterValueException: Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
      "waiting for Lambda Provisioned Concurrency Config: status reason: FUNCTION_ERROR_INIT_FAILURE",
      "TooManyRequestsException: Rate exceeded",
    ];

    for (const other of others) {
      assert.equal(weightsPauseMilliseconds([other]), undefined, other);
      assert.equal(weightsPauseMilliseconds([other, weighted]), undefined, other);
    }
    assert.equal(weightsPauseMilliseconds([]), undefined);
  });
});
