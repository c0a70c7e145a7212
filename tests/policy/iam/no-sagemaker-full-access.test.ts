import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ATTACH_POINTS } from "../../../policy/iam/attach-points";
import { noSagemakerFullAccess } from "../../../policy/iam/no-sagemaker-full-access";
import managed from "../../fixtures/amazon-sagemaker-full-access.json";
import { analyze, secret, UNKNOWN_ARRAY, UNKNOWN_STRING } from "../../support/policy-request";

const NAME = "iam-no-sagemaker-full-access";
const ARN = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";
const HARMLESS_ARN = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const FULL = { Statement: { Effect: "Allow", Action: "sagemaker:*", Resource: "*" } };
const HARMLESS = {
  Statement: {
    Effect: "Allow",
    Action: "sagemaker:InvokeEndpoint",
    Resource: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dogs",
  },
};
const ROLE_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** A property bag that has the value at a path of `attach-points.ts`. */
function at(path: string, value: unknown): Record<string, unknown> {
  const [list = "", inner] = path.split("[]");
  if (inner === undefined) return { [list]: value };
  return { [list]: [inner === "" ? value : { [inner.slice(1)]: value }] };
}

async function levels(type: string, props: Record<string, unknown>): Promise<readonly string[]> {
  const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], { type, props });
  return diagnostics.map(({ level }) => level);
}

describe("iam-no-sagemaker-full-access", () => {
  for (const [type, { arns = [], documents = [] }] of Object.entries(ATTACH_POINTS)) {
    for (const path of arns) {
      it(`refuses the managed policy on ${type} at ${path}, and passes another`, async () => {
        assert.deepEqual(await levels(type, at(path, ARN)), ["mandatory"]);
        assert.deepEqual(await levels(type, at(path, HARMLESS_ARN)), []);
      });
    }
    for (const path of documents) {
      it(`refuses a document of full access on ${type} at ${path}, as object and as text, and passes a narrow one`, async () => {
        assert.deepEqual(await levels(type, at(path, FULL)), ["mandatory"]);
        assert.deepEqual(await levels(type, at(path, JSON.stringify(FULL))), ["mandatory"]);
        assert.deepEqual(await levels(type, at(path, HARMLESS)), []);
        assert.deepEqual(await levels(type, at(path, JSON.stringify(HARMLESS))), []);
      });
    }
  }

  const arns: readonly [string, boolean][] = [
    [ARN, true],
    ["arn:aws-cn:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-us-gov:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-iso-b:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws-eusc:iam::aws:policy/AmazonSageMakerFullAccess", true],
    ["arn:aws:iam::aws:policy/service-role/AmazonSageMakerFullAccess", true],
    [` ${ARN}\n`, true],
    ["arn:aws:iam::123456789012:policy/AmazonSageMakerFullAccess", false],
    ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccessRenamed", false],
    ["arn:aws:iam::aws:policy/AmazonSageMakerReadOnly", false],
  ];
  for (const [arn, refused] of arns) {
    it(`${refused ? "refuses" : "passes"} ${JSON.stringify(arn)}`, async () => {
      assert.deepEqual(await levels(ROLE_ATTACHMENT, { policyArn: arn }), refused ? ["mandatory"] : []);
    });
  }

  it("says which property attaches it and what to grant instead", async () => {
    const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], {
      type: ROLE_ATTACHMENT,
      props: { policyArn: ARN },
    });

    assert.deepEqual(diagnostics, [
      {
        policy: NAME,
        level: "mandatory",
        message: [
          "No principal gets full access to SageMaker, neither by AmazonSageMakerFullAccess nor by a document that amounts to it.",
          `policyArn attaches ${ARN}. Grant the actions that are used on the ARNs they are used on, for instance sagemaker:InvokeEndpoint on one endpoint.`,
        ].join("\n"),
      },
    ]);
  });

  it("recognises a verbatim inline copy of AWS's document and names the statement", async () => {
    const props = { inlinePolicies: [{ name: "copy", policy: JSON.stringify(managed.document) }] };

    const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], {
      type: "aws:iam/role:Role",
      props,
    });

    assert.equal(diagnostics.length, 1);
    assert.match(
      diagnostics[0]?.message ?? "",
      /inlinePolicies\[0\]\.policy amounts to full SageMaker access: statement AllowAllNonAdminSageMakerActions reach 6 of its areas/,
    );
  });

  it("reports every place of one resource, each by its path", async () => {
    const props = {
      managedPolicyArns: [HARMLESS_ARN, ARN],
      inlinePolicies: [{ policy: HARMLESS }, { policy: FULL }],
    };

    const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], {
      type: "aws:iam/role:Role",
      props,
    });

    assert.deepEqual(
      diagnostics.map(({ message }) => message.split("\n")[1]?.split(" ")[0]),
      ["managedPolicyArns[1]", "inlinePolicies[1].policy"],
    );
  });

  it("does not take a permissions boundary for an attachment", async () => {
    assert.deepEqual(await levels("aws:iam/role:Role", { permissionsBoundary: ARN }), []);
  });

  it("is not applicable to other resources, even with a property of that name", async () => {
    const answer = await analyze([noSagemakerFullAccess.policy()], {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      props: { policy: FULL },
    });

    assert.deepEqual(answer, { diagnostics: [], notApplicable: [NAME] });
  });

  it("passes a resource without the property", async () => {
    assert.deepEqual(await levels(ROLE_ATTACHMENT, {}), []);
    assert.deepEqual(await levels("aws:iam/role:Role", { inlinePolicies: [{ name: "empty" }] }), []);
  });

  const wrong: readonly [string, string, Record<string, unknown>, RegExp][] = [
    ["an ARN of another type", ROLE_ATTACHMENT, { policyArn: 7 }, /policyArn is no text/],
    [
      "malformed JSON",
      "aws:iam/policy:Policy",
      { policy: '{"Statement": [' },
      /policy cannot be read as a policy: it is not valid JSON/,
    ],
    ["a document of another type", "aws:iam/policy:Policy", { policy: true }, /it is not a JSON object/],
    [
      "a statement without an effect",
      "aws:iam/policy:Policy",
      { policy: { Statement: [{}] } },
      /statement 1 has no "Effect"/,
    ],
  ];
  for (const [what, type, props, message] of wrong) {
    it(`refuses ${what} and says so`, async () => {
      const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], { type, props });

      assert.deepEqual(
        diagnostics.map(({ level }) => level),
        ["mandatory"],
      );
      assert.match(diagnostics[0]?.message ?? "", message);
    });
  }

  const unknowns: readonly [string, string, Record<string, unknown>][] = [
    ["an unknown ARN", ROLE_ATTACHMENT, { policyArn: UNKNOWN_STRING }],
    [
      "an ARN built around an unknown",
      ROLE_ATTACHMENT,
      { policyArn: `arn:${UNKNOWN_STRING}:iam::aws:policy/Some` },
    ],
    ["an unknown list of ARNs", "aws:iam/role:Role", { managedPolicyArns: UNKNOWN_ARRAY }],
    [
      "an unknown member of a list",
      "aws:iam/role:Role",
      { managedPolicyArns: [HARMLESS_ARN, UNKNOWN_STRING] },
    ],
    ["an unknown document", "aws:iam/policy:Policy", { policy: UNKNOWN_STRING }],
    [
      "an unknown inside a document",
      "aws:iam/policy:Policy",
      { policy: { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: UNKNOWN_STRING }] } },
    ],
  ];
  for (const [what, type, props] of unknowns) {
    it(`reports ${what} as an advisory of its own, not as a policy that could not run`, async () => {
      const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], { type, props });

      assert.deepEqual(
        diagnostics.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(
        diagnostics[0]?.message ?? "",
        /is unknown until deployment; it is checked again during the update/,
      );
    });
  }

  it("still refuses what is known beside an unknown", async () => {
    assert.deepEqual(await levels("aws:iam/role:Role", { managedPolicyArns: [UNKNOWN_STRING, ARN] }), [
      "advisory",
      "mandatory",
    ]);
  });

  it("looks into secrets and echoes nothing of them", async () => {
    const document = {
      Statement: {
        Sid: "Hidden0",
        Effect: "Allow",
        Action: "sagemaker:*",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalTag/key": "hunter2" } },
      },
    };
    const props = { policy: secret(JSON.stringify(document)) };

    const { diagnostics } = await analyze([noSagemakerFullAccess.policy()], {
      type: "aws:iam/policy:Policy",
      props,
    });

    assert.equal(diagnostics.length, 1);
    assert.doesNotMatch(JSON.stringify(diagnostics), /hunter2/);
    const malformed = await analyze([noSagemakerFullAccess.policy()], {
      type: "aws:iam/policy:Policy",
      props: { policy: secret("hunter2") },
    });
    assert.doesNotMatch(JSON.stringify(malformed), /hunter2/);
  });

  const templates: readonly [string, string, number][] = [
    [
      "the managed policy in YAML",
      `ManagedPolicyArns:\n  - !Sub "arn:\${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess"\n`,
      1,
    ],
    ["a document in JSON", JSON.stringify({ Resources: { R: { Properties: { PolicyDocument: FULL } } } }), 1],
    [
      "a narrow document in JSON",
      JSON.stringify({ Resources: { R: { Properties: { PolicyDocument: HARMLESS } } } }),
      0,
    ],
  ];
  for (const [what, templateBody, count] of templates) {
    it(`${count > 0 ? "refuses" : "passes"} ${what} of a CloudFormation template`, async () => {
      assert.equal((await levels("aws:cloudformation/stack:Stack", { templateBody })).length, count);
    });
  }
});
