import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Contract } from "../../infra/components/contract";
import type { Contract as Outputs } from "../../infra/outputs";
import { countByType, ofType, recordResources } from "../support/mocks";

const entry = {
  endpointName: "e",
  endpointArn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e",
  modelName: "breeds",
  modelDigest: "ab".repeat(32),
  logsUrl: "https://console.aws.amazon.com/logs",
};

const outputs: Outputs = {
  contractVersion: "1",
  stack: "sagemaker-ops/test",
  region: "us-east-1",
  endpoints: { single: entry, multi: entry },
  buckets: { data: "d", output: "o", models: "m" },
  dashboardUrl: "https://console.aws.amazon.com/dashboard",
  cost: { currency: "USD", monthlyUsd: 1, worstMonthlyUsd: 2, ceilingMonthlyUsd: 3, unpricedCount: 0 },
  jobs: {},
  pending: [],
};

describe("Contract", () => {
  it("is one plain parameter per endpoint and one with everything, below the prefix", async () => {
    const resources = await recordResources(
      () =>
        new Contract("contract", {
          parameterPrefix: "/sagemaker-ops/test",
          origin: { stack: outputs.stack, region: outputs.region },
          endpoints: outputs.endpoints,
          outputs: pulumi.output(outputs),
        }),
    );

    assert.deepEqual(countByType(resources), {
      "aws:ssm/parameter:Parameter": 3,
      "mlops:contract:Contract": 1,
    });
    const parameters = ofType(resources, "aws:ssm/parameter:Parameter").map(({ inputs }) => inputs);
    assert.deepEqual(
      parameters.map(({ name, type, tier }) => [name, type, tier]),
      [
        ["/sagemaker-ops/test/contract", "String", "Standard"],
        ["/sagemaker-ops/test/endpoints/multi", "String", "Standard"],
        ["/sagemaker-ops/test/endpoints/single", "String", "Standard"],
      ],
    );
    assert.deepEqual(JSON.parse(parameters[0]?.insecureValue), outputs);
    assert.equal(JSON.parse(parameters[2]?.insecureValue).endpointName, "e");
  });

  it("changes an endpoint's parameter with that endpoint only, not with every part of the contract", async () => {
    const resources = await recordResources(
      () =>
        new Contract("contract", {
          parameterPrefix: "/sagemaker-ops/test",
          origin: { stack: outputs.stack, region: outputs.region },
          endpoints: { single: entry },
          outputs: pulumi.unknown as unknown as Outputs,
        }),
      { preview: true },
    );

    const [single] = ofType(resources, "aws:ssm/parameter:Parameter").filter(({ name }) =>
      name.endsWith("single"),
    );
    assert.equal(JSON.parse(single?.inputs.insecureValue).endpointName, "e");
  });
});
