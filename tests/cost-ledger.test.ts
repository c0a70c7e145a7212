import assert from "node:assert/strict";
import { VpcEndpoint } from "@pulumi/aws/ec2";
import { Key } from "@pulumi/aws/kms";
import { Bucket } from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { EndpointScaling } from "../infra/components/endpoint-scaling";
import { InferenceEndpoint } from "../infra/components/inference-endpoint";
import { CostLedger } from "../infra/cost-ledger";
import type { CostSummary } from "../infra/rules/cost";
import { isScaled } from "../infra/rules/scaling";
import { estimateCost } from "../policy/catalog/estimate";
import { type MockSettings, recordResources } from "./support/mocks";
import { breeds, context, endpointConfig, servingImage, servingSamples } from "./support/serving";

/** The ledger's report, and the registrations it is about. */
async function priced(build: () => void, settings: MockSettings = {}) {
  let report: Promise<CostSummary> | undefined;
  const resources = await recordResources(() => {
    const ledger = new CostLedger();
    build();
    const output = ledger.report("us-east-1");
    report = new Promise((resolve) => output.apply(resolve));
  }, settings);
  return { resources, summary: await report };
}

function endpointWithScaling(): void {
  const { serving, capture, isolation, logRetentionDays } = endpointConfig(servingSamples.scaled);
  const endpoint = new InferenceEndpoint("breeds", {
    context,
    endpointName: "sagemaker-ops-test-breeds",
    model: breeds,
    image: servingImage,
    serving,
    capture,
    isolation,
    logRetentionDays,
    modelsBucketName: "m",
    outputBucketName: "o",
    rollbackAlarmNames: ["a"],
  });
  if (isScaled(serving)) new EndpointScaling("scaling", { endpointName: endpoint.endpointName, serving });
}

function interfaceEndpoint(subnetIds: pulumi.Input<pulumi.Input<string>[]>): void {
  const serviceName = "com.amazonaws.us-east-1.sts";
  new VpcEndpoint("interface", { vpcId: "vpc-1", serviceName, vpcEndpointType: "Interface", subnetIds });
}

/** What a preview knows of the id of a resource that is still to be made. */
function idToCome(): pulumi.Output<string> {
  return pulumi.output(pulumi.unknown as unknown as string);
}

describe("CostLedger", () => {
  it("tells what the estimator makes of the same registrations, the generated names included", async () => {
    const { resources, summary } = await priced(() => {
      endpointWithScaling();
      new Key("key");
    });

    // As a plan sees them: with the names that the engine has generated.
    const expected = estimateCost(
      resources.map(({ type, name, inputs }) => ({
        urn: name,
        type,
        name,
        properties: { name: inputs.name ?? name, ...inputs },
      })),
      { region: "us-east-1" },
    );
    assert.ok(expected.monthly > 100, `${expected.monthly}`);
    assert.ok(expected.worstMonthly > expected.monthly);
    assert.deepEqual(summary, {
      monthlyUsd: Math.round(expected.monthly * 100) / 100,
      worstMonthlyUsd: Math.round(expected.worstMonthly * 100) / 100,
      unpricedCount: 0,
    });
  });

  it("waits for values that other resources give", async () => {
    const { summary } = await priced(() => {
      const bucket = new Bucket("bucket");
      new Key("key", { region: bucket.id.apply(() => "us-east-1") });
    });

    assert.deepEqual(summary, { monthlyUsd: 1, worstMonthlyUsd: 1, unpricedCount: 0 });
  });

  it("is known in a preview, whatever ids are still to be made", async () => {
    const { summary } = await priced(() => interfaceEndpoint([idToCome(), idToCome()]), { preview: true });

    // Two zones, each by the hour: 2 x 0.01 USD x 730 h.
    assert.deepEqual(summary, { monthlyUsd: 14.6, worstMonthlyUsd: 14.6, unpricedCount: 0 });
  });

  it("is a lower bound in a preview where a size is still unknown", async () => {
    const { summary } = await priced(() => interfaceEndpoint(idToCome().apply((id) => [id, id, id])), {
      preview: true,
    });

    assert.deepEqual(summary, { monthlyUsd: 7.3, worstMonthlyUsd: 7.3, unpricedCount: 1 });
  });

  it("is nothing for a program without a priced resource", async () => {
    const { summary } = await priced(() => undefined);

    assert.deepEqual(summary, { monthlyUsd: 0, worstMonthlyUsd: 0, unpricedCount: 0 });
  });
});
