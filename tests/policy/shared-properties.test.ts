import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, it } from "mocha";

/** A process of its own, as the function is put in the place of one of the SDK's. */
const script = `
const deserialize = require("@pulumi/policy/deserialize");
const original = deserialize.deserializeProperties;
let copies = 0;
deserialize.deserializeProperties = (properties, proxySecrets) => {
  copies++;
  return original(properties, proxySecrets);
};
const { shareProperties } = require("./policy/shared-properties");
const { analyze, secret } = require("./tests/support/policy-request");
const { analyzeStack } = require("./tests/support/stack-request");

const policies = ["one", "two", "three"].flatMap((name) => [
  { name, description: name, validateResource: ({ props }, report) => report(JSON.stringify(props)) },
  { name: name + "-stack", description: name, validateStack: ({ resources }, report) =>
      report(JSON.stringify(resources.map(({ props, provider }) => [props, provider?.props]))) },
]);
const request = (name) => ({ type: "t:t:T", name, props: { name, token: secret("s") }, provider: { region: "r" } });
const told = async () => {
  copies = 0;
  const resource = (await analyze(policies, request("a"))).diagnostics;
  const forResource = copies;
  copies = 0;
  const stack = await analyzeStack(policies, [request("a"), request("b")]);
  return { messages: [...resource, ...stack].map(({ message }) => message), forResource, forStack: copies };
};
(async () => {
  const before = await told();
  shareProperties();
  process.stdout.write(JSON.stringify([before, await told()]));
})();
`;

interface Told {
  readonly messages: readonly string[];
  readonly forResource: number;
  readonly forStack: number;
}

describe("sharing properties among policies", () => {
  it("copies them once per request, also the provider's, and shows every policy the same", () => {
    const output = execFileSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
    });

    const [before, after] = JSON.parse(output) as [Told, Told];
    assert.deepEqual([before.forResource, before.forStack], [6, 12]);
    assert.deepEqual([after.forResource, after.forStack], [2, 4]);
    assert.equal(after.messages.length, 6);
    assert.deepEqual(after.messages, before.messages);
  });
});
