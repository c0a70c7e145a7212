import assert from "node:assert/strict";
import { Network } from "../../infra/components/network";
import { network as schema } from "../../infra/config/schema/foundation";
import {
  countByType,
  type MockSettings,
  ofType,
  only,
  type Recorded,
  recordResources,
} from "../support/mocks";
import { stackContext } from "../support/stack-context";

const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/k";

function record(
  section: unknown,
  rest: { hasTrainingBox?: boolean; keyArn?: string } = {},
  settings: MockSettings = { outputs: { "network-s3": { prefixListId: "pl-63a5400a" } } },
): Promise<Recorded[]> {
  const network = schema.parse(section);
  if (network.kind === "none") throw new Error("the component is not built without a network");
  return recordResources(
    () => new Network("network", { context: stackContext(), network, ...rest }),
    settings,
  );
}

describe("Network, created", () => {
  it("is a VPC without any way to or from the internet", async () => {
    const resources = await record({ kind: "create" });

    assert.deepEqual(countByType(resources), {
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": 1,
      "aws:ec2/flowLog:FlowLog": 1,
      "aws:ec2/routeTable:RouteTable": 1,
      "aws:ec2/routeTableAssociation:RouteTableAssociation": 2,
      "aws:ec2/securityGroup:SecurityGroup": 2,
      "aws:ec2/subnet:Subnet": 2,
      "aws:ec2/vpc:Vpc": 1,
      "aws:ec2/vpcEndpoint:VpcEndpoint": 8,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      [egressRule]: 3,
      [ingressRule]: 2,
      "mlops:iam:ServiceRole": 1,
      "mlops:network:Network": 1,
      "mlops:network:VpcFlowLogs": 1,
    });
    // A route table without routes knows the VPC alone.
    assert.deepEqual(only(resources, "aws:ec2/routeTable:RouteTable").inputs, { vpcId: "network-id" });
  });

  it("takes the zones by name, and keeps them when AWS offers others", async () => {
    const section = { kind: "create", cidrBlock: "10.30.0.0/16", zoneCount: 3 };
    const subnets = ofType(await record(section), "aws:ec2/subnet:Subnet");

    assert.deepEqual(
      subnets.map(({ inputs }) => inputs),
      ["a", "b", "c"].map((zone, index) => ({
        vpcId: "network-id",
        cidrBlock: `10.30.${index * 64}.0/18`,
        availabilityZone: `us-east-1${zone}`,
        mapPublicIpOnLaunch: false,
      })),
    );
    for (const { options } of subnets) assert.deepEqual(options.ignoreChanges, ["availabilityZone"]);
  });

  it("fails with the region and the number of zones when there are too few", async () => {
    const zones = { "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["us-west-1a"] } };

    await assert.rejects(
      record({ kind: "create" }, {}, { invokes: zones }),
      /network\.zoneCount is 2, but us-east-1/,
    );
  });

  it("closes the default security group", async () => {
    const resources = await record({ kind: "create" });

    assert.deepEqual(only(resources, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs, {
      vpcId: "network-id",
      ingress: [],
      egress: [],
    });
  });

  it("lets the workload out to the endpoints, to S3 and to its peers, and nobody in but its peers", async () => {
    const resources = await record({ kind: "create" });

    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    const workload = "network-workload-id";
    const endpoints = "network-endpoints-id";
    const targets = (type: string) =>
      ofType(resources, type).map(({ inputs: { description: _, ...target } }) => target);
    assert.deepEqual(targets(egressRule), [
      { securityGroupId: workload, referencedSecurityGroupId: endpoints, ...https },
      { securityGroupId: workload, referencedSecurityGroupId: workload, ipProtocol: "-1" },
      { securityGroupId: workload, prefixListId: "pl-63a5400a", ...https },
    ]);
    assert.deepEqual(targets(ingressRule), [
      { securityGroupId: endpoints, referencedSecurityGroupId: workload, ...https },
      { securityGroupId: workload, referencedSecurityGroupId: workload, ipProtocol: "-1" },
    ]);
    for (const { inputs } of ofType(resources, "aws:ec2/securityGroup:SecurityGroup")) {
      assert.deepEqual(Object.keys(inputs).sort(), ["description", "vpcId"]);
    }
  });

  it("reaches S3 through the free gateway and the rest through private DNS names", async () => {
    const resources = await record({ kind: "create" });

    assert.deepEqual(only(resources, "aws:ec2/vpcEndpoint:VpcEndpoint", "network-s3").inputs, {
      vpcId: "network-id",
      serviceName: "com.amazonaws.us-east-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["network-private-id"],
    });
    assert.deepEqual(only(resources, "aws:ec2/vpcEndpoint:VpcEndpoint", "network-sagemaker-runtime").inputs, {
      vpcId: "network-id",
      serviceName: "com.amazonaws.us-east-1.sagemaker.runtime",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["network-private-1-id", "network-private-2-id"],
      securityGroupIds: ["network-endpoints-id"],
    });
  });

  it("adds Session Manager's endpoints for a training box and that of KMS for a key", async () => {
    const services = async (rest: { hasTrainingBox?: boolean; keyArn?: string }) =>
      ofType(await record({ kind: "create" }, rest), "aws:ec2/vpcEndpoint:VpcEndpoint").map(
        ({ name }) => name,
      );

    const plain = await services({});
    const added = (await services({ hasTrainingBox: true, keyArn })).filter((name) => !plain.includes(name));
    assert.deepEqual(added, ["network-ec2messages", "network-kms", "network-ssm", "network-ssmmessages"]);
  });

  it("delivers flow logs to a group with a retention, by a role whose policy is there first", async () => {
    const resources = await record({ kind: "create", flowLogDays: 90 }, { keyArn });

    assert.deepEqual(only(resources, "aws:cloudwatch/logGroup:LogGroup").inputs, {
      name: "/aws/vpc/sagemaker-ops-dev-flow-logs",
      retentionInDays: 90,
      kmsKeyId: keyArn,
    });
    const flowLog = only(resources, "aws:ec2/flowLog:FlowLog");
    assert.deepEqual(flowLog.inputs, {
      vpcId: "network-id",
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination:
        "arn:aws:cloudwatch:us-east-1:123456789012:loggroup//aws/vpc/sagemaker-ops-dev-flow-logs",
      iamRoleArn: "arn:aws:iam::123456789012:role/network-flow-logs-role",
      maxAggregationInterval: 600,
    });
    assert.ok(flowLog.dependencies.includes("network-flow-logs-role-permissions"));
  });
});

describe("Network, existing", () => {
  const section = {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  };

  it("adds one security group that lets HTTPS out, and peers talk, and nothing else", async () => {
    const resources = await record(section);

    assert.deepEqual(countByType(resources), {
      "aws:ec2/securityGroup:SecurityGroup": 1,
      [egressRule]: 2,
      [ingressRule]: 1,
      "mlops:network:Network": 1,
    });
    assert.equal(
      only(resources, "aws:ec2/securityGroup:SecurityGroup").inputs.vpcId,
      "vpc-0123456789abcdef0",
    );
    const { description: _, ...target } = only(resources, egressRule, "network-workload-https").inputs;
    assert.deepEqual(target, {
      securityGroupId: "network-workload-id",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("exposes the subnets as given", async () => {
    const network = schema.parse(section);
    let subnetIds: unknown;
    await recordResources(() => {
      if (network.kind === "none") return;
      new Network("network", { context: stackContext(), network }).subnetIds.apply((ids) => {
        subnetIds = ids;
      });
    });

    assert.deepEqual(subnetIds, section.subnetIds);
  });
});
