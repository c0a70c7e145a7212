import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { singleManager } from "../../../policy/iam/single-manager";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const A = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const B = "arn:aws:iam::123456789012:policy/own";
const DOCUMENT = { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } };

function role(props: Record<string, unknown> = {}): StackResource {
  return { type: "aws:iam/role:Role", name: "role", props: { name: "ml", ...props } };
}
function attach(policyArn: string, name = "attachment"): StackResource {
  return {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name,
    props: { role: "ml", policyArn },
  };
}
function exclusive(policyArns: readonly string[]): StackResource {
  const type = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
  return { type, name: "exclusive", props: { roleName: "ml", policyArns } };
}
function shared(policyArn: string): StackResource {
  return {
    type: "aws:iam/policyAttachment:PolicyAttachment",
    name: "shared",
    props: { roles: ["ml"], policyArn },
  };
}
function inline(name: string): StackResource {
  return {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: `policy-${name}`,
    props: { role: "ml", name, policy: DOCUMENT },
  };
}

async function check(...resources: StackResource[]) {
  const found = await analyzeStack([singleManager.policy()], resources);
  return found.map(({ urn, level, message }) => ({ urn, level, text: message.split("\n")[1] ?? "" }));
}

describe("iam-single-manager", () => {
  const conflicts: readonly [string, StackResource[], RegExp][] = [
    [
      "a role's list and an attachment",
      [role({ managedPolicyArns: [A] }), attach(B)],
      /^The attached policies of the role "ml" have two managers: managedPolicyArns\[0\] of "role" owns them all and removes what "attachment" adds\. Keep one way/,
    ],
    [
      "an exclusive list and an attachment that it lacks",
      [role(), exclusive([A]), attach(B)],
      /policyArns\[0\] of "exclusive" owns them all and removes what "attachment" adds/,
    ],
    [
      "a role's inline policies and one beside them",
      [role({ inlinePolicies: [{ name: "x", policy: DOCUMENT }] }), inline("y")],
      /^The inline policies of the role "ml" have two managers/,
    ],
    [
      "a PolicyAttachment and another attachment of its policy",
      [role(), shared(B), attach(B)],
      /^"shared" is a PolicyAttachment, which owns every attachment of its policy and removes what "attachment" adds/,
    ],
  ];
  for (const [what, resources, says] of conflicts) {
    it(`tells of ${what}`, async () => {
      const found = await check(...resources);

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(found[0]?.text ?? "", says);
      assert.ok(resources.some((resource) => urnOf(resource) === found[0]?.urn));
    });
  }

  const harmless: readonly [string, StackResource[]][] = [
    ["attachments alone", [role(), attach(A, "a"), attach(B, "b"), inline("x"), inline("y")]],
    [
      "a role's lists alone",
      [role({ managedPolicyArns: [A, B], inlinePolicies: [{ name: "x", policy: DOCUMENT }] })],
    ],
    ["an exclusive list of what is attached", [role(), exclusive([A, B]), attach(A, "a"), attach(B, "b")]],
    [
      "lists that show what others have attached",
      [
        role({ managedPolicyArns: [A], inlinePolicies: [{ name: "x", policy: DOCUMENT }] }),
        attach(A, "a"),
        attach(B, "b"),
        inline("x"),
        inline("y"),
      ],
    ],
    ["a PolicyAttachment of another policy", [role(), shared(A), attach(B)]],
    [
      "two roles",
      [role({ managedPolicyArns: [A] }), { ...attach(B), props: { role: "other", policyArn: B } }],
    ],
    ["what is unknown", [role({ managedPolicyArns: [A] }), attach(UNKNOWN_STRING)]],
    ["an empty stack", []],
  ];
  for (const [what, resources] of harmless) {
    it(`says nothing of ${what}`, async () => {
      assert.deepEqual(await check(...resources), []);
    });
  }
});
