import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ATTACH_POINTS } from "../../../policy/iam/attach-points";
import { noSagemakerAdminDocument } from "../../../policy/iam/no-sagemaker-admin-document";
import managed from "../../fixtures/amazon-sagemaker-full-access.json";
import { secret, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";
const FULL = { Statement: { Effect: "Allow", Action: "sagemaker:*", Resource: "*" } };
const NARROW = {
  Statement: {
    Effect: "Allow",
    Action: "sagemaker:InvokeEndpoint",
    Resource: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dogs",
  },
};
const YAML = `Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      InlinePolicy: '${JSON.stringify(FULL)}'
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: "sagemaker:*"
            Resource: !Sub "arn:\${AWS::Partition}:sagemaker:\${AWS::Region}:\${AWS::AccountId}:*"
`;

describeRule(noSagemakerAdminDocument, {
  violate: [
    {
      title: "every action on everything",
      type: POLICY,
      props: { policy: FULL },
      says: /policy amounts to full SageMaker access: statement 1 together reach 6 of SageMaker's areas on resources of any name \(models, endpoints, jobs, notebooks, registry, studio and clusters; 4 are too many\), by the actions CreateModel, .* more\. Grant the actions/,
    },
    {
      title: "a copy of AWS's own document",
      type: "aws:iam/role:Role",
      props: { inlinePolicies: [{ name: "copy", policy: JSON.stringify(managed.document) }] },
      says: /inlinePolicies\[0\]\.policy amounts to full SageMaker access: statements? .*AllowAllNonAdminSageMakerActions/,
    },
    {
      title: "a chain to every permission",
      type: POLICY,
      props: {
        policy: {
          Statement: {
            Sid: "Chain",
            Effect: "Allow",
            Action: "iam:Put*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          },
        },
      },
      says: /statement Chain let the holder get every permission of the account: they can write themselves a policy by iam:PutRolePolicy; .*\. Its conditions are taken as met\./,
    },
    {
      title: "a document whose Deny has a condition, and says that it does not count",
      type: POLICY,
      props: {
        policy: {
          Statement: [
            FULL.Statement,
            {
              Sid: "Not",
              Effect: "Deny",
              Action: "sagemaker:*",
              Resource: "*",
              Condition: { Bool: { "aws:ViaAWSService": "false" } },
            },
          ],
        },
      },
      says: /What statement Not denies under a condition is not counted/,
    },
    {
      title: "both documents of a template in YAML",
      type: "aws:cloudformation/stack:Stack",
      props: { templateBody: YAML },
      says: /templateBody\.Resources\.Set\.Properties\.InlinePolicy amounts.*\n.*\n.*Policy\.Properties\.PolicyDocument amounts/,
    },
    {
      title: "text that is no JSON",
      type: POLICY,
      props: { policy: "{" },
      says: /cannot be read as a policy: it is not valid JSON/,
    },
    {
      title: "a document of another type",
      type: POLICY,
      props: { policy: true },
      says: /it is not a JSON object/,
    },
    {
      title: "a statement without an effect",
      type: POLICY,
      props: { policy: { Statement: [{}] } },
      says: /statement 1 has no "Effect"/,
    },
  ],
  pass: [
    { title: "a narrow document", type: POLICY, props: { policy: NARROW } },
    {
      title: "a policy by the name of AWS's, judged by its content",
      type: POLICY,
      props: { name: "AmazonSageMakerFullAccess", policy: NARROW },
    },
    {
      title: "a role without documents",
      type: "aws:iam/role:Role",
      props: { inlinePolicies: [{ name: "empty" }] },
    },
    {
      title: "a policy of a resource in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody: JSON.stringify({
          P: { PolicyDocument: { Statement: { ...FULL.Statement, Principal: "*" } } },
        }),
      },
    },
  ],
});

describe("iam-no-sagemaker-admin-document", () => {
  for (const [type, { documents = [] }] of Object.entries(ATTACH_POINTS)) {
    for (const path of documents) {
      it(`looks at ${path} of ${type}, as object and as text, and passes a narrow document there`, async () => {
        const [name = "", inner] = path.split("[].");
        const levels = async (document: unknown) => {
          const props = { [name]: inner === undefined ? document : [{ [inner]: document }] };
          return (await diagnose(noSagemakerAdminDocument, { type, props })).map(({ level }) => level);
        };

        assert.deepEqual(await levels(FULL), ["mandatory"]);
        assert.deepEqual(await levels(JSON.stringify(FULL)), ["mandatory"]);
        assert.deepEqual(await levels(NARROW), []);
        assert.deepEqual(await levels(JSON.stringify(NARROW)), []);
      });
    }
  }

  it("says what is unknown in a document, and still refuses what is known in it", async () => {
    const unknown = { Effect: "Allow", Action: "s3:GetObject", Resource: UNKNOWN_STRING };
    const levels = async (Statement: unknown) =>
      (await diagnose(noSagemakerAdminDocument, { type: POLICY, props: { policy: { Statement } } })).map(
        ({ level }) => level,
      );

    assert.deepEqual(await levels([unknown]), ["advisory"]);
    assert.deepEqual(await levels([unknown, FULL.Statement]), ["mandatory", "advisory"]);
  });

  it("looks into secrets and echoes nothing of them", async () => {
    const document = {
      Statement: {
        ...FULL.Statement,
        Sid: "hunter2 hunter2",
        Condition: { StringEquals: { "aws:PrincipalTag/key": "hunter2" } },
      },
    };
    for (const policy of [secret(JSON.stringify(document)), secret("hunter2")]) {
      const found = await diagnose(noSagemakerAdminDocument, { type: POLICY, props: { policy } });

      assert.equal(found.length, 1);
      assert.doesNotMatch(JSON.stringify(found), /hunter2/);
    }
  });
});
