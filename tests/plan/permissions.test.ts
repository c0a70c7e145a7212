import assert from "node:assert/strict";
import { type Permissions, permissionsOf } from "../../plan/permissions";
import { runFixture } from "./fixture-programs";

function urn(type: string, name: string): string {
  return `urn:pulumi:dev::access::${type}::${name}`;
}

describe("plan/permissions", () => {
  let permissions: Permissions;

  before(async () => {
    permissions = permissionsOf(await runFixture("access"));
  });

  function principal(name: string) {
    const found = permissions.principals.find((entry) => entry.principal.urn.endsWith(`::${name}`));
    assert.ok(found, name);
    return found;
  }

  it("lists every role, user and group once, sorted by URN", () => {
    assert.deepEqual(
      permissions.principals.map((entry) => entry.principal.urn),
      [
        urn("aws:iam/group:Group", "analysts"),
        urn("aws:iam/role:Role", "broken"),
        urn("aws:iam/role:Role", "caller"),
        urn("aws:iam/role:Role", "hidden"),
        urn("aws:iam/role:Role", "training"),
        urn("aws:iam/user:User", "ana"),
      ],
    );
  });

  it("joins inline and separate policies of a role, with what each statement excludes", () => {
    const bucket = permissions.resourcePolicies.find(
      (p) => p.resource.urn === urn("aws:s3/bucketPolicy:BucketPolicy", "data"),
    );
    const { grants, managedPolicies, trusts } = principal("training");

    assert.deepEqual(trusts, ["sagemaker.amazonaws.com (limited by aws:SourceAccount)"]);
    assert.deepEqual(managedPolicies, ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]);
    assert.deepEqual(grants, [
      {
        effect: "Allow",
        actions: ["logs:PutLogEvents"],
        resources: ["*"],
        source: urn("aws:iam/role:Role", "training"),
      },
      {
        effect: "Allow",
        actions: ["s3:GetObject"],
        resources: [`arn:aws:s3:::${bucket?.resource.name}/*`],
        source: urn("aws:iam/rolePolicy:RolePolicy", "read"),
      },
      {
        effect: "Deny",
        actions: [],
        notActions: ["s3:GetObject"],
        resources: [],
        notResources: ["arn:aws:s3:::other/*"],
        source: urn("aws:iam/rolePolicy:RolePolicy", "read"),
      },
    ]);
  });

  it("follows attachments to a policy of the program, once per principal, however often it is attached", () => {
    const grant = {
      effect: "Allow",
      actions: ["sagemaker:InvokeEndpoint"],
      resources: ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/single"],
      source: urn("aws:iam/policy:Policy", "invoke"),
    };

    assert.deepEqual(principal("caller").grants, [grant]);
    assert.deepEqual(principal("ana").grants, [grant]);
    assert.deepEqual(principal("analysts").managedPolicies, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
  });

  it("says what it could not read", () => {
    assert.deepEqual(principal("broken").notes, ["trust policy: the policy is not valid JSON"]);
    assert.deepEqual(principal("hidden").notes, ["trust policy: the policy is a secret"]);
  });

  it("lists policies on buckets, keys, functions and topics with whom they name", () => {
    const brief = permissions.resourcePolicies.map((policy) => [
      policy.resource.urn,
      policy.statements.map((s) => `${s.effect} ${s.principals} ${s.actions}`),
      policy.statements.flatMap((s) => Object.keys(s.conditions ?? {})),
    ]);

    assert.deepEqual(brief, [
      [urn("aws:kms/key:Key", "key"), ["Allow arn:aws:iam::123456789012:root kms:*"], []],
      [
        urn("aws:lambda/permission:Permission", "schedule"),
        ["Allow scheduler.amazonaws.com lambda:InvokeFunction"],
        ["ArnLike"],
      ],
      [urn("aws:s3/bucketPolicy:BucketPolicy", "data"), ["Deny * s3:*"], ["Bool"]],
      [urn("aws:sns/topicPolicy:TopicPolicy", "alarms"), ["Allow cloudwatch.amazonaws.com sns:Publish"], []],
    ]);
  });

  it("finds the role of a policy through dependencies while its name is unknown", async () => {
    const preview = await runFixture("access", { preview: true });
    const resources = preview.resources.map((resource) =>
      resource.type.endsWith(":Role")
        ? { ...resource, outputs: { ...resource.outputs, name: "[unknown]" } }
        : resource,
    );

    const found = permissionsOf({ resources }).principals.find((p) => p.principal.urn.endsWith("::caller"));

    assert.deepEqual(
      found?.grants.map((grant) => grant.actions),
      [["sagemaker:InvokeEndpoint"]],
    );
  });
});
