import assert from "node:assert/strict";
import { Notebook } from "../../infra/components/notebook";
import { notebook as schema } from "../../infra/config/schema/development";
import { notebookStartScript } from "../../infra/rules/idle-stop";
import { foundation } from "../support/foundation";
import { countByType, only, type Recorded, recordResources } from "../support/mocks";

const direct = { kind: "direct", reason: "Development has no VPC of its own" };
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/storage-key";

async function record(
  section: object,
  options: { kms?: boolean; network?: boolean } = {},
): Promise<Recorded[]> {
  const resources = await recordResources(() => {
    const { context, config, dataStore, network } = foundation(options);
    new Notebook("notebook", {
      context,
      notebook: schema.parse(section),
      storage: config.storage,
      dataStore,
      network,
    });
  });
  return resources.filter(({ name }) => name.startsWith("notebook"));
}

const instanceType = "aws:sagemaker/notebookInstance:NotebookInstance";

describe("Notebook", () => {
  it("is an instance, its start script and a role of its own", async () => {
    assert.deepEqual(countByType(await record({ internetAccess: direct })), {
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      [instanceType]: 1,
      "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration": 1,
      "mlops:development:Notebook": 1,
      "mlops:iam:ServiceRole": 1,
    });
  });

  it("has no root, IMDSv2, a supported platform and the mission's type by default", async () => {
    const { inputs, dependencies } = only(await record({ internetAccess: direct }), instanceType);

    assert.deepEqual(inputs, {
      name: "sagemaker-ops-dev-notebook",
      instanceType: "ml.t3.medium",
      roleArn: "arn:aws:iam::123456789012:role/notebook-role",
      lifecycleConfigName: "notebook-lifecycle",
      platformIdentifier: "notebook-al2023-v1",
      volumeSize: 20,
      rootAccess: "Disabled",
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" },
      directInternetAccess: "Enabled",
    });
    assert.ok(dependencies.includes("notebook-role-permissions"));
  });

  it("lives in the VPC without internet where there is one, encrypted with the stack's key", async () => {
    const { inputs, dependencies } = only(await record({}, { kms: true, network: true }), instanceType);

    assert.deepEqual(
      {
        directInternetAccess: inputs.directInternetAccess,
        subnetId: inputs.subnetId,
        securityGroups: inputs.securityGroups,
        kmsKeyId: inputs.kmsKeyId,
      },
      {
        directInternetAccess: "Disabled",
        subnetId: "subnet-0123456789abcdef0",
        securityGroups: ["network-workload-id"],
        kmsKeyId: keyArn,
      },
    );
    assert.ok(dependencies.includes("network-workload-https"));
  });

  it("stops itself after the configured minutes", async () => {
    const resources = await record({ internetAccess: direct, idleStopMinutes: 45 });

    const { onStart, ...rest } = only(
      resources,
      "aws:sagemaker/notebookInstanceLifecycleConfiguration:NotebookInstanceLifecycleConfiguration",
    ).inputs;
    assert.deepEqual(rest, {});
    assert.equal(
      Buffer.from(onStart, "base64").toString("utf8"),
      notebookStartScript({
        notebookName: "sagemaker-ops-dev-notebook",
        region: "us-east-1",
        idleStopMinutes: 45,
      }),
    );
  });

  it("may stop itself and nobody else, and deploys nothing", async () => {
    const resources = await record({ internetAccess: direct });

    const { Statement } = JSON.parse(only(resources, "aws:iam/rolePolicy:RolePolicy").inputs.policy) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const stop = Statement.filter(({ Action }) => Action.includes("sagemaker:StopNotebookInstance"));
    assert.deepEqual(
      stop.map(({ Resource }) => Resource),
      [["arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/sagemaker-ops-dev-notebook"]],
    );
    const actions = Statement.flatMap(({ Action }) => Action);
    assert.deepEqual(
      actions.filter((action) => /:(?:Create(?!LogStream|LogGroup)|Update|PassRole)/.test(action)),
      [],
    );
  });
});
