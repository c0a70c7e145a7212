import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ServiceRole } from "../../infra/components/service-role";
import type { PolicyDocument } from "../../infra/iam/document";
import { countByType, only, recordResources } from "../support/mocks";

const trust: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: { Service: "sagemaker.amazonaws.com" },
      Action: ["sts:AssumeRole"],
    },
  ],
};
const permissions: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::data/dogImages/*"] },
  ],
};

describe("ServiceRole", () => {
  it("is one role with one inline policy, both children of the component", async () => {
    const resources = await recordResources(
      () => new ServiceRole("training", { trust, permissions, description: "Training jobs of dev" }),
    );

    assert.deepEqual(countByType(resources), {
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "mlops:iam:ServiceRole": 1,
    });
    assert.deepEqual(
      resources.map(({ name, parent }) => [name, parent]),
      [
        ["training", "training"],
        ["training-permissions", "training"],
        ["training", undefined],
      ],
    );
  });

  it("renders trust and permissions, and lets Pulumi name the role", async () => {
    const resources = await recordResources(
      () =>
        new ServiceRole("training", {
          trust,
          permissions: pulumi.output(permissions),
          description: "Training jobs of dev",
        }),
    );

    const role = only(resources, "aws:iam/role:Role");
    const { assumeRolePolicy, ...rest } = role.inputs;
    assert.deepEqual(JSON.parse(assumeRolePolicy), trust);
    assert.deepEqual(rest, { description: "Training jobs of dev", maxSessionDuration: 3600 });
    const policy = only(resources, "aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(JSON.parse(policy.inputs.policy), permissions);
    assert.equal(policy.inputs.name, "permissions");
    assert.equal(policy.inputs.role, "training");
  });

  it("exposes what callers need: the ARN, the name and the policy to wait for", async () => {
    let exposed: unknown;
    const resources = await recordResources(() => {
      const role = new ServiceRole("training", { trust, permissions, description: "Training jobs" });
      pulumi.all([role.arn, role.name]).apply((values) => {
        exposed = values;
      });
      new pulumi.ComponentResource("test:index:User", "user", {}, { dependsOn: [role.policy] });
    });

    assert.deepEqual(exposed, ["arn:aws:iam::123456789012:role/training", "training"]);
    assert.deepEqual(only(resources, "test:index:User").dependencies, ["training-permissions"]);
  });
});
