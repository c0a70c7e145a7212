import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { applyInput } from "../../infra/components/apply-input";

const shout = (text: string) => text.toUpperCase();

function settled<T>(output: T | pulumi.Output<T>): Promise<T> {
  assert.ok(pulumi.Output.isInstance(output));
  return new Promise((resolve) => output.apply(resolve as (value: unknown) => void));
}

describe("applyInput", () => {
  it("maps a plain value at once", () => {
    assert.equal(applyInput("a", shout), "A");
  });

  it("lets an error about a plain value come from where it is given", () => {
    assert.throws(
      () =>
        applyInput("a", () => {
          throw new Error("too long");
        }),
      /^Error: too long$/,
    );
  });

  it("maps an output and a promise when they are there", async () => {
    assert.equal(await settled(applyInput(pulumi.output("a"), shout)), "A");
    assert.equal(await settled(applyInput(Promise.resolve("a"), shout)), "A");
  });

  it("leaves alone what is unknown, and keeps it secret where it is", async () => {
    let calls = 0;
    const count = () => {
      calls += 1;
      return "";
    };
    const unknown = applyInput(pulumi.output(pulumi.unknown as unknown as string), count);
    const secret = applyInput(pulumi.secret("a"), shout);

    await settled(secret);
    await new Promise(setImmediate);
    assert.equal(calls, 0);
    assert.ok(pulumi.Output.isInstance(unknown));
    assert.ok(pulumi.Output.isInstance(secret));
    assert.equal(await pulumi.isSecret(secret as pulumi.Output<string>), true);
  });
});
