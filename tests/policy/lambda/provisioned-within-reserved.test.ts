import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import fc from "fast-check";
import { describe, it } from "mocha";
import { provisionedWithinReserved } from "../../../policy/lambda/provisioned-within-reserved";
import { UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const judge = (...resources: readonly StackResource[]) =>
  analyzeStack([provisionedWithinReserved.policy()] as Policies, resources);

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:breeds";

const fn = (reservedConcurrentExecutions?: unknown, props: Record<string, unknown> = {}): StackResource => ({
  type: "aws:lambda/function:Function",
  name: "breeds",
  props: { name: "breeds", arn: ARN, reservedConcurrentExecutions, ...props },
});

const config = (
  count: unknown,
  props: Record<string, unknown> = {},
  dependsOn?: StackResource,
): StackResource => ({
  type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  name: `config-${String(props.qualifier)}`,
  props: { functionName: "breeds", qualifier: "live", provisionedConcurrentExecutions: count, ...props },
  ...(dependsOn === undefined ? {} : { propertyDependencies: { functionName: [urnOf(dependsOn)] } }),
});

const target = (maxCapacity: unknown, props: Record<string, unknown> = {}): StackResource => ({
  type: "aws:appautoscaling/target:Target",
  name: "target",
  props: {
    resourceId: "function:breeds:live",
    scalableDimension: "lambda:function:ProvisionedConcurrency",
    maxCapacity,
    ...props,
  },
});

const inRegion = (resource: StackResource, region: string): StackResource => ({
  ...resource,
  provider: { region },
});

describe(provisionedWithinReserved.id, () => {
  for (const [title, resources] of [
    ["exactly as much as is reserved", [fn(5), config(5)]],
    ["a function without a reservation", [fn(undefined), config(50)]],
    ["a function whose reservation is spelt -1", [fn(-1), config(50)]],
    ["the concurrency of another function", [fn(5), config(50, { functionName: "cats" })]],
    [
      "the concurrency of a neighbour whose name is longer",
      [fn(5), config(50, { functionName: "breeds-2" })],
    ],
    [
      "the scaling of a neighbour whose name is longer",
      [fn(5), target(50, { resourceId: "function:breeds-2:live" })],
    ],
    [
      "the scaling of a neighbour's alias that is called like the function",
      [fn(5), target(50, { resourceId: "function:cats:breeds" })],
    ],
    [
      "the concurrency of a function of the same name in another region",
      [inRegion(fn(5), "us-east-1"), inRegion(config(50), "eu-west-1")],
    ],
    ["what scales within it, not counting its start twice", [fn(20), config(12), target(20)]],
    ["the scaling of something else", [fn(5), target(50, { scalableDimension: "ecs:service:DesiredCount" })]],
  ] as const) {
    it(`passes ${title}`, async () => {
      assert.deepEqual(await judge(...resources), []);
    });
  }

  for (const [title, resources, sum] of [
    ["one more than is reserved", [fn(5), config(6)], 6],
    ["two aliases together", [fn(5), config(3), config(3, { qualifier: "canary" })], 6],
    ["what an alias may scale to", [fn(5), config(1), target(6)], 6],
    ["what an alias may scale to, told before its start", [fn(5), target(6), config(1)], 6],
    ["what an alias starts with, over what it may scale to", [fn(5), config(6), target(1)], 6],
    [
      "a function called like a part of an ARN",
      [
        { ...fn(5), props: { name: "function", reservedConcurrentExecutions: 5 } },
        target(6, { resourceId: "function:function:live" }),
      ],
      6,
    ],
    [
      "a function named by a part of its ARN",
      [fn(5), config(6, { functionName: "123456789012:function:breeds" })],
      6,
    ],
    ["a function of the same region", [inRegion(fn(5), "us-east-1"), inRegion(config(6), "us-east-1")], 6],
    ["a function whose region nothing tells", [fn(5), inRegion(config(6), "us-east-1")], 6],
    ["a function named by its ARN", [fn(5), config(6, { functionName: ARN })], 6],
    [
      "a function named by its ARN, which is not known of itself",
      [fn(5, { arn: UNKNOWN_STRING }), config(6, { functionName: ARN })],
      6,
    ],
    ["a function named by the ARN of its alias", [fn(5), config(6, { functionName: `${ARN}:live` })], 6],
    ["a function that reserves nothing at all", [fn(0), config(1)], 1],
    ["counts in text", [fn("5"), config("6")], 6],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const [found, ...others] = await judge(...resources);

      assert.deepEqual(others, []);
      assert.equal(found?.urn, urnOf(fn()));
      assert.equal(found?.level, "mandatory");
      assert.match(
        found?.message ?? "",
        new RegExp(`\\n${sum} environments are provisioned .* Reserve ${sum} or more`),
      );
    });
  }

  it("joins by dependency, also through an alias, while names are unknown", async () => {
    const unnamed = fn(5, { name: UNKNOWN_STRING, arn: UNKNOWN_STRING });
    const alias: StackResource = {
      type: "aws:lambda/alias:Alias",
      name: "live",
      props: { functionName: UNKNOWN_STRING },
      propertyDependencies: { functionName: [urnOf(unnamed)] },
    };
    for (const through of [unnamed, alias]) {
      const [found] = await judge(unnamed, alias, config(6, { functionName: UNKNOWN_STRING }, through));
      assert.equal(found?.level, "mandatory");
    }
  });

  it("tells what is known for certain, and that the rest is not", async () => {
    const [known, rest, ...others] = await judge(
      fn(5),
      config(6),
      config(UNKNOWN_NUMBER, { qualifier: "canary" }),
    );

    assert.deepEqual(others, []);
    assert.match(known?.message ?? "", /At least 6 environments/);
    assert.match(rest?.message ?? "", /Not decided: how much 1 resource\(s\) provision/);
  });

  it("does not count one alias twice that is unknown in one place", async () => {
    assert.deepEqual(await judge(fn(20), config(12), target(20, { resourceId: "function:breeds:live" })), []);
    assert.deepEqual(await judge(fn(20), config(12, { qualifier: UNKNOWN_STRING }), target(20)), []);
  });

  it("is undecided while the reservation or the function is unknown", async () => {
    const [reservation] = await judge(fn(UNKNOWN_NUMBER), config(6));
    assert.match(reservation?.message ?? "", /Not decided: reservedConcurrentExecutions/);

    const [name] = await judge(fn(5), config(6, { functionName: UNKNOWN_STRING }));
    assert.match(name?.message ?? "", /Not decided: functionName/);
  });

  it("has nothing to say of a reservation that is unknown where nothing is provisioned", async () => {
    assert.deepEqual(await judge(fn(UNKNOWN_NUMBER)), []);
  });

  it("joins by the ARN where the name is unknown", async () => {
    for (const functionName of [ARN, `${ARN}:live`]) {
      const [found] = await judge(fn(5, { name: UNKNOWN_STRING }), config(6, { functionName }));
      assert.equal(found?.level, "mandatory");
    }
  });

  it("tells several functions apart", async () => {
    const cats = { ...fn(50, { name: UNKNOWN_STRING, arn: UNKNOWN_STRING }), name: "cats" };
    const ofCats = config(6, { functionName: UNKNOWN_STRING }, cats);
    assert.deepEqual(await judge(fn(5), cats, ofCats, config(5, { qualifier: "canary" })), []);
  });

  it("refuses exactly what is more than reserved, over any counts", async () => {
    const count = fc.integer({ min: 0, max: 50 });
    await fc.assert(
      fc.asyncProperty(count, count, count, async (reserved, live, canary) => {
        const found = await judge(fn(reserved), config(live), config(canary, { qualifier: "canary" }));
        assert.equal(found.length > 0, live + canary > reserved);
      }),
    );
  });

  it("survives properties of any type", async () => {
    for (const value of [17, "text", true, {}, [null], null]) {
      const found = await judge(
        fn(value, { name: value, arn: value }),
        config(value, { functionName: value, qualifier: value }),
        target(value, { resourceId: value }),
      );
      for (const { message } of found) assert.doesNotMatch(message, /the rule itself failed|undefined|NaN/);
    }
  });
});
