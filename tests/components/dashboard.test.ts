import assert from "node:assert/strict";
import { Dashboard } from "../../infra/components/dashboard";
import { dashboardBody } from "../../infra/rules/dashboard";
import { countByType, only, recordResources } from "../support/mocks";
import { context } from "../support/serving";

describe("Dashboard", () => {
  it("is one dashboard with the body of the rules, and tells its console page", async () => {
    const endpoints = [{ label: "breeds", endpointName: "e", kind: "instances", functionName: "f" }] as const;
    let url = "";
    const resources = await recordResources(() => {
      ({ url } = new Dashboard("watch", { context, dashboardName: "sagemaker-ops-test", endpoints }));
    });

    assert.deepEqual(countByType(resources), {
      "aws:cloudwatch/dashboard:Dashboard": 1,
      "mlops:operations:Dashboard": 1,
    });
    assert.deepEqual(only(resources, "aws:cloudwatch/dashboard:Dashboard").inputs, {
      dashboardName: "sagemaker-ops-test",
      dashboardBody: JSON.stringify(dashboardBody("us-east-1", endpoints)),
    });
    assert.equal(
      url,
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/sagemaker-ops-test",
    );
  });
});
