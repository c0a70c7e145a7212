import { noPowerUserAccess } from "../../../policy/iam/no-power-user-access";
import { describeRule } from "../../support/rule-cases";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

describeRule(noPowerUserAccess, {
  violate: [
    {
      title: "the managed policy on a role",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
      says: /every service/,
    },
    {
      title: "it for a user, in another partition",
      type: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      props: { user: "ada", policyArn: "arn:aws-us-gov:iam::aws:policy/PowerUserAccess" },
      says: /every service/,
    },
    {
      title: "it in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody:
          "Resources:\n  R:\n    Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/PowerUserAccess]\n",
      },
      says: /every service/,
    },
    {
      title: "a document written as AWS writes it",
      type: "aws:iam/policy:Policy",
      props: {
        policy: { Statement: { Effect: "Allow", NotAction: ["iam:*", "organizations:*"], Resource: "*" } },
      },
      says: /policy allows every service, as PowerUserAccess does, also those that AWS has yet to make: statement 1/,
    },
    {
      title: "everything with permissions taken back",
      type: "aws:iam/rolePolicy:RolePolicy",
      props: {
        policy: JSON.stringify({
          Statement: [
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: "iam:*", Resource: "*" },
          ],
        }),
      },
      says: /allows every service/,
    },
  ],
  pass: [
    {
      title: "a read-only policy",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    },
    {
      title: "an account's own policy of the name",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::123456789012:policy/PowerUserAccess" },
    },
    {
      title: "a boundary",
      type: "aws:iam/role:Role",
      props: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" },
    },
    {
      title: "a document for an administrator, which another rule judges",
      type: "aws:iam/policy:Policy",
      props: { policy: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } },
    },
    {
      title: "a document that leaves most services out",
      type: "aws:iam/policy:Policy",
      props: { policy: { Statement: { Effect: "Allow", Action: ["s3:*", "ec2:*"], Resource: "*" } } },
    },
  ],
});
