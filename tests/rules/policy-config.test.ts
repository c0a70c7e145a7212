import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { policyConfig } from "../../infra/rules/policy-config";
import { rules } from "../../policy/rules";
import { readSettings } from "../../policy/settings";

const ceilings = {
  hourlyUsd: { hosting: 0.25, training: 0.75, tuning: 0.75, notebook: 0.06, compute: 0.6 },
  jobUsd: 15,
  monthlyUsd: 1000,
  unpriced: "deny",
} as const;
const environment = { ceilings, environment: "dev", region: "us-east-1" };

describe("policyConfig", () => {
  const config = policyConfig(environment);

  it("configures every rule about cost, and the time of jobs, each at its own level, since the SDK makes others advisory", () => {
    const configured = rules.filter(({ group, id }) => group === "cost" || id === "training-max-runtime");

    assert.deepEqual(
      Object.fromEntries(
        Object.entries(config).map(([rule, { enforcementLevel }]) => [rule, enforcementLevel]),
      ),
      Object.fromEntries(configured.map(({ id, level }) => [id, level])),
    );
  });

  for (const rule of rules.filter(({ id }) => id in config)) {
    it(`gives ${rule.id} only settings that it has, and values that it takes`, () => {
      assert.deepEqual(readSettings(rule.fields, config[rule.id]).problems, []);
    });

    it(`hands ${rule.id} the ceiling, the region and the mode of the stack file`, () => {
      const { region, unpriced, jobUsd, monthlyUsd, hourlyUsd } = config[rule.id] ?? {};
      const priced = "unpriced" in rule.fields;

      assert.deepEqual([region, unpriced], priced ? ["us-east-1", "deny"] : [undefined, undefined]);
      assert.deepEqual(
        { jobUsd, monthlyUsd, hourlyUsd },
        {
          jobUsd: "jobUsd" in rule.fields ? 15 : undefined,
          monthlyUsd: "monthlyUsd" in rule.fields ? 1000 : undefined,
          hourlyUsd: "hourlyUsd" in rule.fields ? ceilings.hourlyUsd : undefined,
        },
      );
    });
  }

  it("lets nothing scale to more than the month's ceiling pays for", () => {
    // ml.c5.large is the cheapest at 0.102: 1000 / 74.46; an environment of 128 MB is 1.0950219 a month.
    assert.deepEqual(config["cost-scaling-max-set"], {
      enforcementLevel: "mandatory",
      instances: 13,
      environments: 913,
    });
  });

  it("leaves the pack's own limits where the region has no prices", () => {
    const elsewhere = policyConfig({ ...environment, region: "zz-nowhere-1" });

    assert.deepEqual(elsewhere["cost-scaling-max-set"], { enforcementLevel: "mandatory" });
  });

  it("stays within what the settings take, however high the ceiling", () => {
    const high = policyConfig({ ...environment, ceilings: { ...ceilings, monthlyUsd: 1e9 } });

    assert.deepEqual(high["cost-scaling-max-set"], {
      enforcementLevel: "mandatory",
      instances: 1_000_000,
      environments: 1_000_000,
    });
  });

  for (const [name, production] of [
    ["prod", true],
    ["dev", false],
  ] as const) {
    it(`tells the rule about schedules that ${name} is ${production ? "" : "not "}production`, () => {
      assert.equal(
        policyConfig({ ...environment, environment: name })["cost-schedule-tag"]?.production,
        production,
      );
    });
  }
});
