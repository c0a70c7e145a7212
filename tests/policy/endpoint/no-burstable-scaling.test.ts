import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import { describe, it } from "mocha";
import { noBurstableScaling } from "../../../policy/endpoint/no-burstable-scaling";
import { UNDECIDED } from "../../../policy/findings";
import { UNKNOWN_ARRAY, UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const TARGET = "aws:appautoscaling/target:Target";
const DIMENSION = "sagemaker:variant:DesiredInstanceCount";

function configuration(instanceType: unknown, changes: object = {}): StackResource {
  const variant = { variantName: "AllTraffic", instanceType, ...changes };
  return {
    type: CONFIGURATION,
    name: "breeds-config",
    props: { name: "c-1", productionVariants: [variant] },
  };
}

const ENDPOINT_RESOURCE: StackResource = {
  type: ENDPOINT,
  name: "breeds-endpoint",
  props: { name: "breeds", endpointConfigName: "c-1" },
};

function target(resourceId: unknown, changes: Partial<StackResource> = {}): StackResource {
  return {
    type: TARGET,
    name: "breeds-target",
    props: { resourceId, scalableDimension: DIMENSION, maxCapacity: 4 },
    ...changes,
  };
}

const SCALED = target("endpoint/breeds/variant/AllTraffic");

async function judge(...resources: readonly StackResource[]) {
  return analyzeStack([noBurstableScaling.policy()] as Policies, resources);
}

describe("endpoint-no-burstable-scaling", () => {
  it("refuses a target over a burstable type, at the target", async () => {
    const found = await judge(configuration("ml.t2.large"), ENDPOINT_RESOURCE, SCALED);

    assert.deepEqual(
      found.map(({ level, urn }) => ({ level, urn })),
      [{ level: "mandatory", urn: urnOf(SCALED) }],
    );
    assert.match(
      found[0]?.message ?? "",
      /"breeds-target" scales productionVariants\[0\] of "breeds-config", which is the burstable type ml\.t2\.large\. Choose a type of another family/,
    );
  });

  it("passes other types, burstable types that nothing scales, and targets of other services", async () => {
    const other = target("service/cluster/web", {
      props: { resourceId: "service/cluster/web", scalableDimension: "ecs:service:DesiredCount" },
    });

    assert.deepEqual(await judge(configuration("ml.m5.large"), ENDPOINT_RESOURCE, SCALED), []);
    assert.deepEqual(await judge(configuration("ml.t2.large"), ENDPOINT_RESOURCE, other), []);
    assert.deepEqual(
      await judge(
        configuration("ml.t2.large"),
        ENDPOINT_RESOURCE,
        target("endpoint/cats/variant/AllTraffic"),
      ),
      [],
    );
    assert.deepEqual(
      await judge(configuration("ml.t2.large"), ENDPOINT_RESOURCE, target("endpoint/breeds/variant/Other")),
      [],
    );
  });

  it("passes a target that scales something else than instances", async () => {
    const other = target("endpoint/breeds/variant/AllTraffic", {
      props: {
        resourceId: "endpoint/breeds/variant/AllTraffic",
        scalableDimension: "sagemaker:variant:DesiredProvisionedConcurrency",
      },
    });

    assert.deepEqual(await judge(configuration("ml.t2.large"), ENDPOINT_RESOURCE, other), []);
  });

  it("takes a target for one of instances while its dimension is unknown", async () => {
    const unknown = target("endpoint/breeds/variant/AllTraffic", {
      props: { resourceId: "endpoint/breeds/variant/AllTraffic", scalableDimension: UNKNOWN_STRING },
    });

    const found = await judge(configuration("ml.t2.large"), ENDPOINT_RESOURCE, unknown);

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
  });

  it("is undecided while one variant of two is burstable and the target's variant is unknown", async () => {
    const two: StackResource = {
      type: CONFIGURATION,
      name: "breeds-config",
      props: {
        name: "c-1",
        productionVariants: [
          { variantName: "champion", instanceType: "ml.m5.large" },
          { variantName: "challenger", instanceType: "ml.t2.large" },
        ],
      },
    };
    const unknown = target(UNKNOWN_STRING, {
      propertyDependencies: { resourceId: [urnOf(ENDPOINT_RESOURCE)] },
    });

    const found = await judge(two, ENDPOINT_RESOURCE, unknown);
    const champion = await judge(two, ENDPOINT_RESOURCE, target("endpoint/breeds/variant/champion"));
    const challenger = await judge(two, ENDPOINT_RESOURCE, target("endpoint/breeds/variant/challenger"));

    assert.deepEqual(
      found.map(({ level, message }) => [level, message.includes(UNDECIDED)]),
      [["advisory", true]],
    );
    assert.deepEqual(champion, []);
    assert.deepEqual(
      challenger.map(({ level }) => level),
      ["mandatory"],
    );
  });

  it("judges a burstable family that the catalogue does not know by its letter", async () => {
    const found = await judge(configuration("ml.t9.large"), ENDPOINT_RESOURCE, SCALED);

    assert.match(found[0]?.message ?? "", /burstable type ml\.t9\.large/);
  });

  it("follows dependencies where a preview knows no names", async () => {
    const config = { ...configuration("ml.t2.large") };
    const unnamed: StackResource = {
      ...config,
      props: { ...config.props, name: UNKNOWN_STRING },
    };
    const endpoint: StackResource = {
      ...ENDPOINT_RESOURCE,
      props: { name: UNKNOWN_STRING, endpointConfigName: UNKNOWN_STRING },
      propertyDependencies: { endpointConfigName: [urnOf(unnamed)] },
    };
    const scaled = target(`endpoint/${UNKNOWN_STRING}/variant/AllTraffic`, {
      propertyDependencies: { resourceId: [urnOf(endpoint)] },
    });

    const found = await judge(unnamed, endpoint, scaled);

    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory"],
    );
    assert.doesNotMatch(found[0]?.message ?? "", new RegExp(UNDECIDED));
  });

  it("says that it is undecided where a type or the endpoint of a target is unknown", async () => {
    const unknownType = await judge(configuration(UNKNOWN_STRING), ENDPOINT_RESOURCE, SCALED);
    const unknownVariants = await judge(
      {
        type: CONFIGURATION,
        name: "breeds-config",
        props: { name: "c-1", productionVariants: UNKNOWN_ARRAY },
      },
      ENDPOINT_RESOURCE,
      SCALED,
    );
    const unknownTarget = await judge(
      { ...configuration("ml.m5.large"), name: "other-config" },
      configuration("ml.t2.large"),
      ENDPOINT_RESOURCE,
      target(UNKNOWN_STRING),
    );
    const harmless = await judge(configuration("ml.m5.large"), ENDPOINT_RESOURCE, target(UNKNOWN_STRING));

    for (const found of [unknownType, unknownVariants, unknownTarget]) {
      assert.deepEqual(
        found.map(({ level, message }) => [level, message.includes(UNDECIDED)]),
        [["advisory", true]],
      );
    }
    assert.deepEqual(harmless, []);
  });

  it("keeps its verdict about one target while another is unknown", async () => {
    const found = await judge(
      configuration("ml.t2.large"),
      ENDPOINT_RESOURCE,
      { ...target(UNKNOWN_STRING), name: "other-target" },
      SCALED,
    );

    assert.deepEqual(
      found.map(({ level, urn }) => ({ level, urn })),
      [
        { level: "advisory", urn: urnOf({ type: TARGET, name: "other-target" }) },
        { level: "mandatory", urn: urnOf(SCALED) },
      ],
    );
  });

  it("refuses managed scaling of a burstable type, and passes it switched off", async () => {
    const managed = (status: unknown) => configuration("ml.t2.large", { managedInstanceScaling: { status } });

    const on = await judge(managed("ENABLED"));

    assert.match(
      on[0]?.message ?? "",
      /productionVariants\[0\] has managedInstanceScaling on the burstable type ml\.t2\.large/,
    );
    assert.deepEqual(await judge(managed("DISABLED")), []);
    assert.deepEqual(
      (await judge(managed(UNKNOWN_STRING))).map(({ level }) => level),
      ["advisory"],
    );
  });

  it("joins resources of aws-native", async () => {
    const found = await judge(
      {
        type: "aws-native:sagemaker:EndpointConfig",
        name: "c",
        props: {
          endpointConfigName: "c-1",
          productionVariants: [{ variantName: "AllTraffic", instanceType: "ml.t2.medium" }],
        },
      },
      {
        type: "aws-native:sagemaker:Endpoint",
        name: "e",
        props: { endpointName: "breeds", endpointConfigName: "c-1" },
      },
      SCALED,
    );

    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory"],
    );
  });

  it("neither fails nor stops for properties of wrong types", async () => {
    for (const wrong of [17, true, [], {}, null, "text", [[null]]]) {
      const found = await judge(
        { type: CONFIGURATION, name: "c", props: { name: wrong, productionVariants: wrong } },
        { type: ENDPOINT, name: "e", props: { name: wrong, endpointConfigName: wrong } },
        { type: TARGET, name: "t", props: { resourceId: wrong, scalableDimension: DIMENSION } },
      );

      assert.deepEqual(found, []);
    }
  });
});
