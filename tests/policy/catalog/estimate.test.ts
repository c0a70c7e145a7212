import assert from "node:assert/strict";
import { type CostResource, costInputs } from "../../../policy/catalog/estimate";
import { endpoint, estimate, reasons, resource, target, variant } from "../../support/cost-samples";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";

describe("estimateCost", () => {
  it("adds up nothing to nothing", () => {
    assert.deepEqual(estimate([]), {
      currency: "USD",
      region: "us-east-1",
      pricesAsOf: "2026-09-28",
      hoursPerMonth: 730,
      lines: [],
      idleMonthly: 0,
      monthly: 0,
      worstMonthly: 0,
      unpriced: [],
      notes: [],
      unknown: 0,
    });
  });

  describe("with what is missing, wrong or unknown", () => {
    it("uses the resource's own region, and has no price where there is no table", () => {
      const report = estimate([resource("key", "key", { region: "mars-north-1" })]);

      assert.deepEqual([report.lines, report.monthly], [[], 0]);
      assert.match(reasons(report)[0] ?? "", /no price table for region mars-north-1/);
    });

    for (const wrong of [Number.NaN, -3, "many", {}, Number.POSITIVE_INFINITY, true]) {
      it(`counts one instance and reports it where the count is ${String(wrong)}`, () => {
        const report = estimate(endpoint([variant({ initialInstanceCount: wrong })]));

        assert.equal(report.monthly, 84.0075);
        assert.deepEqual(reasons(report), [
          "variant AllTraffic: the instance count is not a number of zero or more; the amounts count 1",
        ]);
      });
    }

    it("gives a lower bound and the number of unknowns", () => {
      const report = estimate([
        ...endpoint([variant({ initialInstanceCount: UNKNOWN_NUMBER })]),
        resource("training", "train", { resourceConfig: { instanceType: UNKNOWN_STRING, instanceCount: 1 } }),
        resource("vpcEndpoint", "api", { vpcEndpointType: "Interface", subnetIds: UNKNOWN_ARRAY }),
      ]);

      assert.equal(report.unknown, 3);
      assert.deepEqual(reasons(report), [
        "variant AllTraffic: the instance count is unknown until deployment; the amounts are a lower bound",
        "the job: the instance type is unknown until deployment; the amounts are a lower bound",
        "the number of subnets is unknown until deployment; the amounts are a lower bound",
      ]);
      assert.equal(report.monthly, 91.3075);
    });

    it("reports unknown variants, and an endpoint whose configuration cannot be told", () => {
      const variants = estimate(endpoint(UNKNOWN_ARRAY));
      const joined = estimate([
        resource("configuration", "a", { productionVariants: [variant()] }),
        resource("configuration", "b", { productionVariants: [variant()] }),
        resource("endpoint", "dogs", { endpointConfigName: UNKNOWN_STRING }),
      ]);

      assert.deepEqual([variants.unknown, joined.unknown], [1, 1]);
      assert.match(reasons(joined)[0] ?? "", /which configuration it uses is unknown/);
    });
  });

  it("reads only the properties it says it reads", () => {
    const resources = [
      ...endpoint([variant()], {}, { deploymentConfig: {} }),
      target(),
      resource("notebook", "lab", { instanceType: "ml.t3.medium", volumeSize: 10 }),
      resource("instance", "box", { instanceType: "t3.micro", rootBlockDevice: { volumeSize: 8 } }),
      resource("function", "f", { name: "dogs", memorySize: 512 }),
      resource("provisioned", "ready", {
        functionName: "dogs",
        qualifier: "live",
        provisionedConcurrentExecutions: 1,
      }),
    ];
    const trap = (one: CostResource): CostResource => ({
      ...one,
      properties: new Proxy(one.properties, {
        get: (properties, key) => {
          // The SDK's proxy is asked whether it is one.
          const read = key === "__isSpecialProxy" || costInputs[one.type]?.includes(String(key));
          assert.ok(read, `${one.type} reads ${String(key)}`);
          return Reflect.get(properties, key);
        },
      }),
    });

    assert.deepEqual(estimate(resources.map(trap)), estimate(resources));
  });
});
