import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { readDeclaredStack } from "../../../cli/core/aws/stack-config";
import {
  boxNeed,
  concurrencyNeed,
  imageNeeds,
  instanceNeeds,
  linkedRoles,
  pricedTypes,
} from "../../../cli/core/doctor/needs";
import { placeOf } from "../../../cli/core/operate/console-pages";
import { projectRoot } from "../../../cli/core/project-root";
import type { StackConfig } from "../../../infra/config/schema/stack";

/** Held against the project's own stack files: what they need is counted by hand here. */
describe("what a stack needs of its account", () => {
  const dev = readDeclaredStack(projectRoot, "dev");
  const staging = readDeclaredStack(projectRoot, "staging");
  const prod = readDeclaredStack(projectRoot, "prod");
  const counts = (config: StackConfig) =>
    Object.fromEntries(instanceNeeds(config).map(({ quotaName, instances }) => [quotaName, instances]));

  it("counts endpoints at their maximum with the largest rollout beside them, and jobs all at once", () => {
    assert.deepEqual(counts(dev.config), {
      // 2 and 3 at their maximum, and 3 more while the larger is replaced.
      "ml.m5.large for endpoint usage": 8,
      // One job, and two parallel trials.
      "ml.m5.xlarge for training job usage": 3,
      "ml.g4dn.xlarge for training job usage": 2,
      "ml.t3.medium for notebook instance usage": 1,
    });
    assert.deepEqual(counts(prod.config), {
      "ml.m5.large for endpoint usage": 12,
      "ml.g4dn.xlarge for spot training job usage": 2,
    });
    assert.deepEqual(counts(staging.config), {
      // 4 and 2 at their maximum, and 4 more.
      "ml.m5.large for endpoint usage": 10,
      "ml.g4dn.xlarge for spot training job usage": 2,
      "ml.m5.xlarge for spot training job usage": 4,
    });
  });

  it("counts a rolling rollout by its batch, and a shadow once", () => {
    const { serving } = prod.config.endpoints.breeds as NonNullable<StackConfig["endpoints"][string]>;
    const of = (change: object) =>
      counts({
        ...prod.config,
        jobs: {},
        endpoints: { breeds: { ...prod.config.endpoints.breeds, serving: { ...serving, ...change } } },
      } as StackConfig);

    assert.deepEqual(of({ rollout: { kind: "rolling", batchPercent: 50, waitSeconds: 60 } }), {
      "ml.m5.large for endpoint usage": 9,
    });
    assert.deepEqual(of({ shadow: { instanceType: "ml.c5.large", count: 3 } }), {
      "ml.m5.large for endpoint usage": 12,
      "ml.c5.large for endpoint usage": 3,
    });
  });

  it("adds up jobs of a type and market, whatever jobs there are", () => {
    const market = fc.constantFrom({ kind: "on-demand" }, { kind: "spot", maxWaitMinutes: 60 });
    const jobs = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,5}$/),
      fc.record({
        instanceType: fc.constantFrom("ml.m5.large", "ml.g4dn.xlarge"),
        instanceCount: fc.integer({ min: 1, max: 20 }),
        market,
      }),
    );
    const trials = fc.record({
      instanceType: fc.constantFrom("ml.m5.large", "ml.g4dn.xlarge"),
      instanceCount: fc.integer({ min: 1, max: 20 }),
      maxParallelJobs: fc.integer({ min: 1, max: 100 }),
      market,
    });

    fc.assert(
      fc.property(jobs, trials, (some, search) => {
        const config = {
          ...prod.config,
          endpoints: {},
          jobs: some,
          tuning: { search },
        } as unknown as StackConfig;
        const needs = instanceNeeds(config);

        const all = Object.values(some).reduce((sum, { instanceCount }) => sum + instanceCount, 0);
        assert.equal(
          needs.reduce((sum, { instances }) => sum + instances, 0),
          all + search.instanceCount * search.maxParallelJobs,
        );
        assert.equal(new Set(needs.map(({ quotaName }) => quotaName)).size, needs.length);
      }),
    );
  });

  it("takes what the stack file says of a quota along", () => {
    assert.deepEqual(instanceNeeds(prod.config)[0], {
      check: "hosting",
      instanceType: "ml.m5.large",
      quotaName: "ml.m5.large for endpoint usage",
      instances: 12,
      declared: 20,
    });
  });

  it("finds the quota of the box by family and market", () => {
    const codes = (instanceType: string, kind: "on-demand" | "spot") =>
      boxNeed({
        ...dev.config,
        trainingBox: { ...dev.config.trainingBox, instanceType, market: { kind } },
      } as StackConfig);

    assert.deepEqual(boxNeed(dev.config), {
      instanceType: "g4dn.xlarge",
      vCpus: 4,
      quotaCodes: ["L-3819A6DF"],
    });
    assert.deepEqual(codes("g4dn.xlarge", "on-demand")?.quotaCodes, ["L-DB2E81BA"]);
    assert.deepEqual(codes("m5.large", "on-demand"), {
      instanceType: "m5.large",
      vCpus: 2,
      quotaCodes: ["L-1216C47A"],
    });
    assert.deepEqual(codes("t3.large", "spot")?.quotaCodes, ["L-34B43A08"]);
    assert.deepEqual(codes("p3.2xlarge", "spot")?.quotaCodes, ["L-7212CCBC"]);
    assert.deepEqual(codes("p5.48xlarge", "spot")?.quotaCodes, ["L-C4BD4855", "L-7212CCBC"]);
    assert.deepEqual(codes("inf2.xlarge", "on-demand")?.quotaCodes, ["L-1945791B"]);
    assert.deepEqual(codes("trn1.2xlarge", "on-demand")?.quotaCodes, ["L-2C3B7624"]);
    assert.equal(boxNeed(prod.config), undefined);
  });

  it("adds up what functions reserve", () => {
    assert.deepEqual(concurrencyNeed(dev.config, dev.naming), {
      reserved: 105,
      declared: 1000,
      functionNames: ["sagemaker-ops-dev-multi", "sagemaker-ops-dev-single"],
    });
    assert.equal(concurrencyNeed({ ...dev.config, endpoints: {} }, dev.naming), undefined);
  });

  it("asks for a linked role only where something needs it", () => {
    const names = (config: StackConfig) => linkedRoles(config).map(({ roleName }) => roleName);

    assert.deepEqual(names(dev.config), [
      "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
      "AWSServiceRoleForEC2Spot",
    ]);
    assert.deepEqual(names(prod.config), [
      "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
      "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
    ]);
    assert.deepEqual(names({ ...prod.config, endpoints: {} }), []);
  });

  it("names each container image once, by the setting that chose it", () => {
    const needs = imageNeeds(dev.config, placeOf("us-east-1"));

    assert.deepEqual(
      needs.map(({ setting, uri }) => [setting, uri]),
      [
        [
          "images.serving.cpu",
          "763104351884.dkr.ecr.us-east-1.amazonaws.com/ray:serve-ml-sagemaker-cpu-v1.4",
        ],
        [
          "images.training.cpu",
          "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cpu-amzn2023-sagemaker",
        ],
        [
          "images.training.gpu",
          "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch:2.13-cu133-amzn2023-sagemaker",
        ],
      ],
    );
    assert.deepEqual([...pricedTypes(dev.config)].sort(), [
      "g4dn.xlarge",
      "ml.g4dn.xlarge",
      "ml.m5.large",
      "ml.m5.xlarge",
      "ml.t3.medium",
    ]);
  });
});
