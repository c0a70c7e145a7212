import assert from "node:assert/strict";
import {
  chooseZones,
  endpointServiceName,
  flowLogGroupName,
  interfaceEndpointServices,
} from "../../infra/rules/vpc";

const always = ["sagemaker.api", "sagemaker.runtime", "ecr.api", "ecr.dkr", "logs", "monitoring", "sts"];

describe("interfaceEndpointServices", () => {
  it("names only what something in the subnets calls", () => {
    assert.deepEqual(interfaceEndpointServices({ trainingBox: false, kms: false }), always);
    assert.deepEqual(interfaceEndpointServices({ trainingBox: true, kms: false }), [
      ...always,
      "ssm",
      "ssmmessages",
      "ec2messages",
    ]);
    assert.deepEqual(interfaceEndpointServices({ trainingBox: false, kms: true }), [...always, "kms"]);
  });

  it("gives each its service name in the region", () => {
    assert.equal(endpointServiceName("eu-west-1", "ecr.dkr"), "com.amazonaws.eu-west-1.ecr.dkr");
  });
});

describe("chooseZones", () => {
  it("takes the first by name, in whatever order AWS lists them", () => {
    assert.deepEqual(chooseZones(["c", "a", "b"], 2, "us-east-1"), ["a", "b"]);
    assert.deepEqual(chooseZones(["b", "c", "a", "a"], 3, "us-east-1"), ["a", "b", "c"]);
  });

  it("says which region has too few, and what to change", () => {
    assert.throws(() => chooseZones(["us-west-1b", "us-west-1a"], 3, "us-west-1"), {
      message:
        "network.zoneCount is 3, but us-west-1 offers this account 2 availability zones (us-west-1a, us-west-1b). " +
        "Lower network.zoneCount or choose another region.",
    });
  });
});

describe("flowLogGroupName", () => {
  it("names the group by project and environment", () => {
    assert.equal(
      flowLogGroupName({ project: "sagemaker-ops", environment: "prod" }),
      "/aws/vpc/sagemaker-ops-prod-flow-logs",
    );
  });
});
