import assert from "node:assert/strict";
import { largestUses } from "../../cli/core/ceiling-uses";
import type { JsonObject } from "../../plan/json-value";

const region = "us-east-1";

function resource(type: string, inputs: JsonObject) {
  return { urn: `urn:${type}:${JSON.stringify(inputs).length}`, type, inputs };
}

describe("largestUses", () => {
  it("finds the dearest instance type of each use, wherever the inputs name it", () => {
    const uses = largestUses(
      [
        resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {
          productionVariants: [{ instanceType: "ml.m5.large" }, { instanceType: "ml.m5.xlarge" }],
        }),
        resource("aws:sagemaker/notebookInstance:NotebookInstance", { instanceType: "ml.t3.medium" }),
        resource("aws:s3/bucket:Bucket", { instanceType: "ml.m5.24xlarge" }),
      ],
      { region, lines: [] },
    );

    assert.deepEqual(Object.keys(uses).sort(), ["hourlyUsd.hosting", "hourlyUsd.notebook"]);
    assert.equal(uses["hourlyUsd.hosting"]?.of, "ml.m5.xlarge");
    assert.deepEqual(uses["hourlyUsd.notebook"], { amount: 0.05, of: "ml.t3.medium" });
  });

  it("leaves out a type without a price, instead of taking it for free", () => {
    assert.deepEqual(
      largestUses([resource("aws:ec2/instance:Instance", { instanceType: "p99.large" })], {
        region,
        lines: [],
      }),
      {},
    );
  });

  it("takes the dearest job at its longest", () => {
    const jobs = [
      resource("aws:sagemaker/trainingJob:TrainingJob", {}),
      resource("aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob", { a: 1 }),
      resource("aws:sagemaker/endpoint:Endpoint", { b: 22 }),
    ];
    const lines = jobs.map(({ urn }, index) => ({
      urn,
      component: urn,
      hourly: 0,
      idleMonthly: 0,
      monthly: 0,
      worstMonthly: 10 * (index + 1),
      basis: "",
    }));

    assert.deepEqual(largestUses(jobs, { region, lines }).jobUsd, { amount: 20, of: jobs[1]?.urn });
  });
});
