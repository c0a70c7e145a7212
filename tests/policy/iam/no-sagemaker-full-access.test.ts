import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ATTACH_POINTS } from "../../../policy/iam/attach-points";
import { noSagemakerFullAccess } from "../../../policy/iam/no-sagemaker-full-access";
import { UNKNOWN_ARRAY, UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const ARN = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";
const HARMLESS = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const ROLE = "aws:iam/role:Role";
const STACK = "aws:cloudformation/stack:Stack";
const YAML = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - !Sub "arn:\${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess"
`;

describeRule(noSagemakerFullAccess, {
  violate: [
    {
      title: "the managed policy on a role",
      type: ATTACHMENT,
      props: { policyArn: ARN },
      says: /policyArn attaches arn:aws:iam::aws:policy\/AmazonSageMakerFullAccess\. Grant the actions/,
    },
    {
      title: "it in the list of a role, beside others",
      type: ROLE,
      props: { managedPolicyArns: [HARMLESS, ARN], inlinePolicies: [{ policy: "{}" }] },
      says: /managedPolicyArns\[1\] attaches/,
    },
    {
      title: "it in a budget's action",
      type: "aws:budgets/budgetAction:BudgetAction",
      props: { definition: { iamActionDefinition: { policyArn: ARN, roles: ["x"] } } },
      says: /definition\.iamActionDefinition\.policyArn attaches/,
    },
    {
      title: "it in a template in YAML",
      type: STACK,
      props: { templateBody: YAML },
      says: /templateBody\.Resources\.Role\.Properties\.ManagedPolicyArns\[0\] attaches/,
    },
    {
      title: "it put together in a template in JSON",
      type: "aws:cloudformation/stackSet:StackSet",
      props: {
        templateBody: JSON.stringify({
          Resources: {
            R: {
              Properties: {
                ManagedPolicyArns: [
                  {
                    "Fn::If": [
                      "C",
                      { Ref: "AWS::NoValue" },
                      {
                        "Fn::Join": [
                          "",
                          ["arn:", { Ref: "AWS::Partition" }, ":iam::aws:policy/AmazonSageMakerFullAccess"],
                        ],
                      },
                    ],
                  },
                ],
              },
            },
          },
        }),
      },
      says: /attaches/,
    },
    {
      title: "it as a parameter of a template",
      type: STACK,
      props: { templateBody: "Resources: {}", parameters: { PolicyArn: ARN } },
      says: /parameters\.PolicyArn attaches/,
    },
    {
      title: "it as a parameter of a product",
      type: "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
      props: { provisioningParameters: [{ key: "policy", value: ARN }] },
      says: /provisioningParameters\[0\]\.value attaches/,
    },
    {
      title: "it in a resource that Cloud Control makes",
      type: "aws:cloudcontrol/resource:Resource",
      props: { typeName: "AWS::IAM::Role", desiredState: JSON.stringify({ ManagedPolicyArns: [ARN] }) },
      says: /desiredState\.ManagedPolicyArns\[0\] attaches/,
    },
    { title: "what is no ARN", type: ATTACHMENT, props: { policyArn: 7 }, says: /policyArn is no text/ },
  ],
  pass: [
    { title: "another managed policy", type: ATTACHMENT, props: { policyArn: HARMLESS } },
    { title: "an attachment without the property", type: ATTACHMENT, props: {} },
    {
      title: "a permissions boundary, which grants nothing",
      type: ROLE,
      props: { permissionsBoundary: ARN },
    },
    {
      title: "a boundary in a template",
      type: STACK,
      props: {
        templateBody: JSON.stringify({ Resources: { R: { Properties: { PermissionsBoundary: ARN } } } }),
      },
    },
    {
      title: "a document, which other rules judge",
      type: "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
      props: { managedPolicyArn: "arn:aws:iam::123456789012:policy/AmazonSageMakerFullAccess" },
    },
  ],
});

describe("iam-no-sagemaker-full-access", () => {
  const at = (path: string): Record<string, unknown> =>
    path
      .split(".")
      .reverse()
      .reduce<unknown>((value, part) => {
        const [name = "", list] = part.split("[]");
        return { [name]: list === undefined ? value : [value] };
      }, ARN) as Record<string, unknown>;

  for (const [type, { arns = [], values = [] }] of Object.entries(ATTACH_POINTS)) {
    for (const path of arns) {
      it(`looks at ${path} of ${type}`, async () => {
        const found = await diagnose(noSagemakerFullAccess, { type, props: at(path) });

        assert.deepEqual(
          found.map(({ level }) => level),
          ["mandatory"],
        );
      });
    }
    for (const path of values) {
      it(`looks at all of ${path} of ${type}`, async () => {
        const found = await diagnose(noSagemakerFullAccess, {
          type,
          props: { [path]: { a: ["x", { b: ARN }] } },
        });

        assert.deepEqual(
          found.map(({ level }) => level),
          ["mandatory"],
        );
      });
    }
  }

  const arns: readonly [string, boolean][] = [
    ["arn:aws-cn:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-us-gov:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-iso-b:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-eusc:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws:iam::aws:policy/service-role/AmazonSageMakerFullAccess", true],
    ["arn:aws:iam::aws:policy/a/b/AmazonSageMakerFullAccess", true],
    [` ${ARN}\n`, true],
    ["arn:aws:iam::123456789012:policy/AmazonSageMakerFullAccess", false],
    ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccessRenamed", false],
    ["arn:aws:iam::aws:policy/NotAmazonSageMakerFullAccess", false],
    ["arn:aws:iam::aws:policy/AmazonSageMakerReadOnly", false],
    ["", false],
  ];
  for (const [arn, refused] of arns) {
    it(`${refused ? "refuses" : "passes"} ${JSON.stringify(arn)}`, async () => {
      const found = await diagnose(noSagemakerFullAccess, { type: ATTACHMENT, props: { policyArn: arn } });

      assert.deepEqual(
        found.map(({ level }) => level),
        refused ? ["mandatory"] : [],
      );
    });
  }

  const unknowns: readonly [string, string, Record<string, unknown>][] = [
    ["an unknown ARN", ATTACHMENT, { policyArn: UNKNOWN_STRING }],
    [
      "an ARN built around an unknown",
      ATTACHMENT,
      { policyArn: `arn:${UNKNOWN_STRING}:iam::aws:policy/Some` },
    ],
    ["an unknown list", ROLE, { managedPolicyArns: UNKNOWN_ARRAY }],
    ["an unknown member of a list", ROLE, { managedPolicyArns: [HARMLESS, UNKNOWN_STRING] }],
    ["an unknown template", STACK, { templateBody: UNKNOWN_STRING }],
  ];
  for (const [what, type, props] of unknowns) {
    it(`says that ${what} is undecided`, async () => {
      const found = await diagnose(noSagemakerFullAccess, { type, props });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.message ?? "", /is unknown until deployment/);
    });
  }

  it("still refuses what is known beside an unknown", async () => {
    const props = { managedPolicyArns: [UNKNOWN_STRING, ARN] };

    const found = await diagnose(noSagemakerFullAccess, { type: ROLE, props });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory", "mandatory"],
    );
  });

  it("finds the managed policy by name in a template that it cannot read, and says that it cannot", async () => {
    const props = { templateBody: `a: &x\n  ManagedPolicyArns: [${ARN}]\n` };

    const found = await diagnose(noSagemakerFullAccess, { type: STACK, props });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory", "advisory"],
    );
  });

  for (const props of [{ templateUrl: "https://example.com/t.yaml" }, { templateBody: "a: &x 1\n" }]) {
    it(`says that nobody has looked into ${Object.keys(props)[0]} ${Object.values(props)[0]}`, async () => {
      const found = await diagnose(noSagemakerFullAccess, { type: STACK, props });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.message ?? "", /is a template that is not read here/);
    });
  }
});
