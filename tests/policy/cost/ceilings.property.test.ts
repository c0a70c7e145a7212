import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import fc from "fast-check";
import { describe, it } from "mocha";
import { instanceTypesFor, type Use } from "../../../policy/catalog/instance-types";
import { priceOf } from "../../../policy/catalog/prices";
import type { Rule } from "../../../policy/rule";
import { rules } from "../../../policy/rules";
import { TYPES } from "../../support/cost-samples";
import { UNKNOWN_ARRAY, UNKNOWN_NUMBER, UNKNOWN_STRING } from "../../support/policy-request";
import { diagnose } from "../../support/rule-cases";
import { analyzeStack, type StackResource } from "../../support/stack-request";

const costRules = rules.filter(({ group }) => group === "cost");

async function report(rule: Rule, resources: readonly StackResource[], settings: Record<string, unknown>) {
  if (rule.kind === "stack") {
    const policy = rule.policy({ settings: { [rule.id]: settings }, today: "2026-06-15" });
    return analyzeStack([policy] as Policies, resources);
  }
  const own = resources.filter(({ type }) => rule.reads[type] !== undefined);
  return (await Promise.all(own.map((resource) => diagnose(rule, { ...resource, settings })))).flat();
}

async function isRefused(rule: Rule, resources: readonly StackResource[], settings: Record<string, unknown>) {
  return (await report(rule, resources, settings)).some(({ level }) => level === "mandatory");
}

function ruleOf(id: string): Rule {
  const found = costRules.find((rule) => rule.id === id);
  assert.ok(found, id);
  return found;
}

/** Numbers that a stack may turn up, by name, and the stack that has them. */
type Knobs = Readonly<Record<string, number>>;
type Build = (knobs: Knobs, instanceType: string) => readonly StackResource[];

interface Subject {
  readonly rule: string;
  readonly setting: "jobUsd" | "monthlyUsd";
  readonly knobs: readonly string[];
  /** @default - nothing in it has an instance type */
  readonly use?: Use;
  readonly build: Build;
}

const one = (kind: keyof typeof TYPES, props: Record<string, unknown>, name = kind): StackResource => ({
  type: TYPES[kind],
  name,
  props,
});
const job: Build = ({ count, seconds, wait, warm, size }, instanceType) => [
  one("training", {
    resourceConfig: {
      instanceType,
      instanceCount: count,
      volumeSizeInGb: size,
      keepAlivePeriodInSeconds: warm,
    },
    stoppingCondition: { maxRuntimeInSeconds: seconds, maxWaitTimeInSeconds: wait },
    enableManagedSpotTraining: true,
  }),
];
const search: Build = ({ jobs, count, seconds, size, parallel }, instanceType) => [
  one("tuning", {
    config: { resourceLimits: { maxNumberOfTrainingJobs: jobs, maxParallelTrainingJobs: parallel } },
    trainingJobDefinition: {
      resourceConfig: { instanceType, instanceCount: count, volumeSizeInGb: size },
      stoppingCondition: { maxRuntimeInSeconds: seconds },
    },
  }),
];
const fleet: Build = ({ count, shadow, size, max, scheduled, managed }, instanceType) => [
  one("configuration", {
    name: "config-1",
    productionVariants: [
      {
        variantName: "main",
        instanceType,
        initialInstanceCount: count,
        volumeSizeInGb: size,
        managedInstanceScaling: { status: "ENABLED", maxInstanceCount: managed },
      },
    ],
    shadowProductionVariants: [{ variantName: "shadow", instanceType, initialInstanceCount: shadow }],
  }),
  one("endpoint", { name: "dogs", endpointConfigName: "config-1" }),
  one("target", { ...SCALING, minCapacity: 0, maxCapacity: max }),
  one("scheduled", { ...SCALING, scalableTargetAction: { maxCapacity: scheduled } }),
];
const SCALING = {
  serviceNamespace: "sagemaker",
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
  resourceId: "endpoint/dogs/variant/main",
};
const environments: Build = ({ memory, ready, most }) => [
  one("function", { name: "invoke", memorySize: memory }),
  one("provisioned", { functionName: "invoke", qualifier: "live", provisionedConcurrentExecutions: ready }),
  one("target", {
    serviceNamespace: "lambda",
    scalableDimension: "lambda:function:ProvisionedConcurrency",
    resourceId: "function:invoke:live",
    minCapacity: 0,
    maxCapacity: most,
  }),
];
const box: Build = ({ size, more }, instanceType) => [
  one("instance", {
    instanceType,
    rootBlockDevice: { volumeType: "gp3", volumeSize: size },
    ebsBlockDevices: [{ volumeType: "gp2", volumeSize: more }],
  }),
];
const notebook: Build = ({ size }, instanceType) => [one("notebook", { instanceType, volumeSize: size })];
const everything: Build = (knobs, instanceType) => [
  ...fleet(knobs, instanceType),
  ...environments(knobs, instanceType).map((resource) => ({ ...resource, name: `fn-${resource.name}` })),
  one("volume", { type: "gp3", size: knobs.size }),
];

const subjects: readonly Subject[] = [
  {
    rule: "cost-training-job-ceiling",
    setting: "jobUsd",
    knobs: ["count", "seconds", "wait", "warm", "size"],
    use: "training",
    build: job,
  },
  {
    rule: "cost-tuning-job-ceiling",
    setting: "jobUsd",
    knobs: ["jobs", "count", "seconds", "size"],
    use: "tuning",
    build: search,
  },
  {
    rule: "cost-endpoint-ceiling",
    setting: "monthlyUsd",
    knobs: ["count", "shadow", "size"],
    use: "hosting",
    build: fleet,
  },
  {
    rule: "cost-endpoint-max-ceiling",
    setting: "monthlyUsd",
    knobs: ["count", "shadow", "size", "max", "scheduled", "managed"],
    use: "hosting",
    build: fleet,
  },
  { rule: "cost-notebook-ceiling", setting: "monthlyUsd", knobs: ["size"], use: "notebook", build: notebook },
  {
    rule: "cost-compute-ceiling",
    setting: "monthlyUsd",
    knobs: ["size", "more"],
    use: "compute",
    build: box,
  },
  {
    rule: "cost-volume-ceiling",
    setting: "monthlyUsd",
    knobs: ["count", "size", "parallel"],
    build: search,
  },
  {
    rule: "cost-provisioned-concurrency-ceiling",
    setting: "monthlyUsd",
    knobs: ["ready"],
    build: environments,
  },
  {
    rule: "cost-provisioned-concurrency-max-ceiling",
    setting: "monthlyUsd",
    knobs: ["memory", "ready", "most"],
    build: environments,
  },
  {
    rule: "cost-stack-ceiling",
    setting: "monthlyUsd",
    knobs: ["count", "shadow", "size", "max", "scheduled", "managed", "memory", "ready", "most"],
    use: "hosting",
    build: everything,
  },
];

/** Names of all knobs, so that a stack has a number for each. */
const allKnobs = [...new Set(subjects.flatMap(({ knobs }) => [...knobs, "parallel"]))];
const numbers = fc.record(
  Object.fromEntries(allKnobs.map((knob) => [knob, fc.integer({ min: 1, max: 4000 })])) as Record<
    string,
    fc.Arbitrary<number>
  >,
);

function pricedTypes(use: Use): readonly { name: string; usd: number }[] {
  return instanceTypesFor(use).flatMap(({ name }) => {
    const price = priceOf({ region: "us-east-1", use, instanceType: name });
    return price.kind === "unpriced" ? [] : [{ name, usd: price.hourlyUsd }];
  });
}

/** Ceilings of every size, from cents to more than anything costs. */
const ceilings = fc.double({ min: -2, max: 9, noNaN: true }).map((exponent) => 10 ** exponent);

describe("every ceiling", function () {
  this.timeout(60_000);

  it("is covered here, but for those about something else than an amount of one kind", () => {
    assert.deepEqual(
      costRules.map(({ id }) => id).filter((id) => !subjects.some(({ rule }) => rule === id)),
      ["cost-instance-ceiling", "cost-scaling-max-set", "cost-schedule-tag"],
    );
  });

  for (const { rule: id, setting, knobs, use, build } of subjects) {
    const rule = ruleOf(id);
    const types = use === undefined ? [{ name: "ml.m5.xlarge", usd: 0 }] : pricedTypes(use);
    const settingsOf = (ceiling: number) => ({ [setting]: ceiling, unpriced: "estimate" });

    it(`${id} never lets a larger count, size or time pass where a smaller one is refused`, async () => {
      await fc.assert(
        fc.asyncProperty(
          numbers,
          fc.constantFrom(...knobs),
          fc.integer({ min: 1, max: 4000 }),
          fc.constantFrom(...types),
          ceilings,
          async (values, knob, more, type, ceiling) => {
            const raised = { ...values, [knob]: (values[knob] ?? 0) + more };
            const before = await isRefused(rule, build(values, type.name), settingsOf(ceiling));
            if (before) assert.ok(await isRefused(rule, build(raised, type.name), settingsOf(ceiling)));
          },
        ),
        { numRuns: 150 },
      );
    });

    it(`${id} is reached by each of ${knobs.join(", ")}`, async () => {
      const least = { ...Object.fromEntries(allKnobs.map((knob) => [knob, 1])), seconds: 3600, wait: 3600 };
      const cheapest = [...types].sort((a, b) => a.usd - b.usd)[0]?.name ?? "";
      for (const knob of knobs) {
        const resources = build({ ...least, [knob]: 1_000_000_000 }, cheapest);
        assert.equal(await isRefused(rule, build(least, cheapest), settingsOf(2000)), false, knob);
        assert.equal(await isRefused(rule, resources, settingsOf(2000)), true, knob);
      }
    });

    if (use !== undefined) {
      it(`${id} never lets a dearer type pass where a cheaper one is refused`, async () => {
        const pick = fc.constantFrom(...types);
        await fc.assert(
          fc.asyncProperty(numbers, pick, pick, ceilings, async (values, a, b, ceiling) => {
            const [cheaper, dearer] = a.usd <= b.usd ? [a, b] : [b, a];
            const before = await isRefused(rule, build(values, cheaper.name), settingsOf(ceiling));
            if (before) assert.ok(await isRefused(rule, build(values, dearer.name), settingsOf(ceiling)));
          }),
          { numRuns: 100 },
        );
      });
    }

    it(`${id} never lets a higher ceiling refuse what a lower one passes`, async () => {
      await fc.assert(
        fc.asyncProperty(
          numbers,
          fc.constantFrom(...types),
          ceilings,
          ceilings,
          async (values, type, a, b) => {
            const resources = build(values, type.name);
            const [low, high] = a <= b ? [a, b] : [b, a];
            const before = await isRefused(rule, resources, settingsOf(high));
            if (before) assert.ok(await isRefused(rule, resources, settingsOf(low)));
          },
        ),
        { numRuns: 50 },
      );
    });
  }
});

const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(UNKNOWN_STRING, UNKNOWN_NUMBER, UNKNOWN_ARRAY, -1, "7", "1e3", 1e308, null, {}, []),
);

describe("every cost rule", function () {
  this.timeout(60_000);

  for (const rule of costRules) {
    const types = Object.keys(rule.reads);
    const samples = subjects.flatMap(({ build }) => build({}, "ml.m5.xlarge"));

    it(`${rule.id} answers whatever the properties are, without failing`, async () => {
      const anyResource = fc
        .constantFrom(...types)
        .chain((type) =>
          fc
            .dictionary(fc.constantFrom("name", ...(rule.reads[type] ?? [])), anyValue)
            .map((props): StackResource => ({ type, name: "any", props })),
        );
      await fc.assert(
        fc.asyncProperty(fc.array(anyResource, { minLength: 1, maxLength: 3 }), async (resources) => {
          const named = resources.map((resource, index) => ({ ...resource, name: `any${index}` }));
          assertSound(await report(rule, named, {}));
        }),
        { numRuns: 150 },
      );
    });

    it(`${rule.id} answers whatever one value deep inside is, without failing`, async () => {
      const own = samples.filter(({ type }) => rule.reads[type] !== undefined);
      if (own.length === 0) return;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...own),
          fc.array(fc.nat(8), { maxLength: 4 }),
          anyValue,
          async (resource, path, value) => {
            const props = replaced(resource.props, path, value) as Record<string, unknown>;
            assertSound(await report(rule, [{ ...resource, props }], {}));
          },
        ),
        { numRuns: 150 },
      );
    });
  }

  const unknownable = costRules.filter(({ kind }) => kind === "stack");
  for (const rule of unknownable) {
    it(`${rule.id} refuses what it refuses, whatever is unknown about another resource`, async () => {
      const setting = { monthlyUsd: 50, unpriced: "estimate" };
      const dear = [
        ...fleet({ count: 3, shadow: 1, size: 1, max: 5, scheduled: 5, managed: 5 }, "ml.m5.xlarge"),
        ...environments({ memory: 4096, ready: 100, most: 100 }, "").map((resource) => ({
          ...resource,
          name: `fn-${resource.name}`,
        })),
      ];
      const others = [...fleet({}, "ml.m5.large"), ...environments({}, "")].map((resource, index) => ({
        ...resource,
        name: `other${index}`,
      }));
      assert.equal(await isRefused(rule, dear, setting), true);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...others),
          fc.array(fc.nat(8), { maxLength: 3 }),
          async (other, path) => {
            const props = replaced(other.props, path, UNKNOWN_STRING) as Record<string, unknown>;
            // It must not be taken for the other resource of the same name.
            const named = { ...props, ...("name" in props ? { name: "another" } : {}) };
            assert.ok(await isRefused(rule, [{ ...other, props: named }, ...dear], setting));
          },
        ),
        { numRuns: 100 },
      );
    });
  }
});

function assertSound(found: readonly { readonly message: string }[]): void {
  for (const { message } of found) {
    assert.doesNotMatch(
      message,
      /the rule itself failed|can't run policy|\bundefined\b|\[object |\bNaN\b|Infinity/,
    );
  }
}

/** With the value at the place that the numbers lead to. */
function replaced(holder: unknown, path: readonly number[], value: unknown): unknown {
  if (typeof holder !== "object" || holder === null) return value;
  const keys = Object.keys(holder);
  const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)];
  if (key === undefined) return Array.isArray(holder) ? [value] : holder;
  const member = (holder as Record<string, unknown>)[key];
  const inner = path.length > 1 ? replaced(member, path.slice(1), value) : value;
  return Array.isArray(holder)
    ? holder.map((entry, index) => (String(index) === key ? inner : entry))
    : { ...holder, [key]: inner };
}
