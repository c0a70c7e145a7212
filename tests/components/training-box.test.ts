import assert from "node:assert/strict";
import { TrainingBox } from "../../infra/components/training-box";
import { trainingBox as schema } from "../../infra/config/schema/development";
import { boxUserData } from "../../infra/rules/box-user-data";
import { foundation } from "../support/foundation";
import { countByType, ofType, only, type Recorded, recordResources } from "../support/mocks";

const instanceType = "aws:ec2/instance:Instance";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

async function record(
  section: object = {},
  options: { kms?: boolean; network?: boolean } = {},
  read?: (box: TrainingBox) => void,
): Promise<Recorded[]> {
  const resources = await recordResources(() => {
    const { context, config, dataStore, network, code } = foundation(options);
    const box = schema.parse({ instanceType: "g4dn.xlarge", ...section });
    const component = new TrainingBox("box", {
      context,
      box,
      storage: config.storage,
      dataStore,
      code,
      network,
    });
    read?.(component);
  });
  return resources.filter(({ name }) => name.startsWith("box"));
}

describe("TrainingBox", () => {
  it("is an instance with a role, a profile, a group without a way in, and its settings", async () => {
    const resources = await record();

    assert.deepEqual(countByType(resources), {
      [instanceType]: 1,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:iam/instanceProfile:InstanceProfile": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:s3/bucketObjectv2:BucketObjectv2": 1,
      [egressRule]: 1,
      "mlops:development:TrainingBox": 1,
      "mlops:iam:ServiceRole": 1,
    });
  });

  it("demands IMDSv2, encrypts its volume, has no key pair and stops rather than terminates", async () => {
    const { inputs } = only(await record(), instanceType);

    assert.deepEqual(inputs, {
      ami: "ami-0123456789abcdef0",
      instanceType: "g4dn.xlarge",
      iamInstanceProfile: "box-profile",
      associatePublicIpAddress: true,
      vpcSecurityGroupIds: ["box-group-id"],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: 100,
        encrypted: true,
        deleteOnTermination: true,
        tags: { Name: "sagemaker-ops-dev-training-box" },
      },
      instanceInitiatedShutdownBehavior: "stop",
      userData: boxUserData({
        region: "us-east-1",
        outputBucketName: "storage-output",
        idleShutdownMinutes: 30,
      }),
      userDataReplaceOnChange: false,
      tags: { Name: "sagemaker-ops-dev-training-box", "idle-stop": "30 min" },
    });
  });

  it("keeps the image it was made from, and tells which one is newer", async () => {
    const seen: Record<string, string> = {};
    const { options } = only(
      await record({}, {}, (box) => {
        box.amiPinned.apply((ami) => {
          seen.pinned = ami;
        });
        box.amiLatest.apply((ami) => {
          seen.latest = ami;
        });
      }),
      instanceType,
    );

    assert.deepEqual(options.ignoreChanges, ["ami", "userData"]);
    assert.deepEqual(seen, { pinned: "ami-0123456789abcdef0", latest: "ami-0123456789abcdef0" });
  });

  it("follows an image that the configuration names", async () => {
    const { inputs, options } = only(
      await record({ ami: { kind: "id", amiId: "ami-0aaaaaaaaaaaaaaa1" } }),
      instanceType,
    );

    assert.equal(inputs.ami, "ami-0aaaaaaaaaaaaaaa1");
    assert.deepEqual(options.ignoreChanges, ["userData"]);
  });

  it("stops and keeps its volume when its spot instance is taken away", async () => {
    const market = { kind: "spot", maxHourlyUsd: 0.3 };
    const { inputs } = only(await record({ market }), instanceType);

    assert.deepEqual(inputs.instanceMarketOptions, {
      marketType: "spot",
      spotOptions: { spotInstanceType: "persistent", instanceInterruptionBehavior: "stop", maxPrice: "0.3" },
    });
  });

  it("uses the stack's key for the volume, but not on spot, which could not start it again", async () => {
    const keyOf = async (market: object) =>
      only(await record({ market }, { kms: true }), instanceType).inputs.rootBlockDevice.kmsKeyId;

    assert.equal(await keyOf({ kind: "on-demand" }), "arn:aws:kms:us-east-1:123456789012:key/storage-key");
    assert.equal(await keyOf({ kind: "spot" }), undefined);
  });

  it("lets HTTPS out and nobody in", async () => {
    const resources = await record();

    const { description: _, ...target } = only(resources, egressRule).inputs;
    assert.deepEqual(target, {
      securityGroupId: "box-group-id",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    assert.deepEqual(ofType(resources, ingressRule), []);
  });

  it("opens SSH to the named addresses only, with the named key pair", async () => {
    const access = { kind: "ssh", cidrBlocks: ["203.0.113.7/32", "198.51.100.0/24"], keyName: "me" };
    const resources = await record({ access });

    assert.deepEqual(
      ofType(resources, ingressRule).map(({ inputs: { description: _, ...rule } }) => rule),
      ["198.51.100.0/24", "203.0.113.7/32"].map((cidrIpv4) => ({
        securityGroupId: "box-group-id",
        cidrIpv4,
        ipProtocol: "tcp",
        fromPort: 22,
        toPort: 22,
      })),
    );
    assert.equal(only(resources, instanceType).inputs.keyName, "me");
  });

  it("lives in the VPC where there is one, without a public address", async () => {
    const resources = await record({}, { network: true });

    const { inputs, dependencies } = only(resources, instanceType);
    assert.equal(inputs.subnetId, "subnet-0123456789abcdef0");
    assert.equal(inputs.associatePublicIpAddress, false);
    assert.deepEqual(inputs.vpcSecurityGroupIds, ["box-group-id", "network-workload-id"]);
    assert.equal(
      only(resources, "aws:ec2/securityGroup:SecurityGroup").inputs.vpcId,
      "vpc-0123456789abcdef0",
    );
    assert.deepEqual(ofType(resources, egressRule), []);
    assert.ok(dependencies.includes("network-workload-https"));
  });

  it("finds code and data by settings in S3, so that new code leaves the instance alone", async () => {
    const resources = await record();

    const { content, ...object } = only(resources, "aws:s3/bucketObjectv2:BucketObjectv2").inputs;
    assert.deepEqual(object, {
      bucket: "storage-output",
      key: "code/box.json",
      contentType: "application/json",
    });
    const settings = JSON.parse(content);
    assert.match(settings.codeDigest, /^[0-9a-f]{64}$/);
    assert.equal(settings.dataUri, "s3://storage-data/dogImages/");
    assert.ok(!JSON.stringify(only(resources, instanceType).inputs).includes(settings.codeDigest));
  });

  it("waits for what its first start needs", async () => {
    const { dependencies } = only(await record(), instanceType);

    for (const name of ["box-role-permissions", "box-settings", "code", "storage-output-lifecycle"]) {
      assert.ok(dependencies.includes(name), name);
    }
  });
});
