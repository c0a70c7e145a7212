import { noAdminStatement } from "../../../policy/iam/no-admin-statement";
import { describeRule } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";

describeRule(noAdminStatement, {
  violate: [
    {
      title: "everything on everything",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
      },
      says: /policy allows every action of every service: statement 1\. Name the actions/,
    },
    {
      title: "everything by two stars",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [{ Sid: "All", Effect: "Allow", Action: ["*:*"], Resource: ["*"] }],
        },
      },
      says: /statement All/,
    },
    {
      title: "all but one action",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", NotAction: "sts:GetSessionToken", Resource: "*" },
        },
      },
      says: /every action of every service/,
    },
    {
      title: "all but one resource",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::logs/*" },
        },
      },
      says: /every action of every service/,
    },
    {
      title: "everything split over two statements",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Sid: "A", Effect: "Allow", NotAction: "iam:*", Resource: "*" },
            { Sid: "B", Effect: "Allow", Action: "iam:*", Resource: "*" },
          ],
        },
      },
      says: /statements A and B/,
    },
    {
      title: "a Deny that leaves nearly all",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" },
          ],
        },
      },
      says: /every action of every service/,
    },
    {
      title: "a document in a template in YAML",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody:
          "Resources:\n  P:\n    Properties:\n      PolicyDocument:\n        Statement:\n        - Effect: Allow\n          Action: '*'\n          Resource: '*'\n",
      },
      says: /templateBody\.Resources\.P\.Properties\.PolicyDocument allows every action/,
    },
    {
      title: "a role's second inline policy",
      type: "aws:iam/role:Role",
      props: {
        inlinePolicies: [
          { name: "a" },
          {
            name: "b",
            policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
          },
        ],
      },
      says: /inlinePolicies\[1\]\.policy allows/,
    },
  ],
  pass: [
    {
      title: "a power user, whom another rule judges",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: "iam:*", Resource: "*" } },
      },
    },
    {
      title: "several whole services",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: ["iam:*", "s3:*", "ec2:*"], Resource: "*" },
        },
      },
    },
    {
      title: "everything on one resource",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "*", Resource: "arn:aws:s3:::data/*" },
        },
      },
    },
    {
      title: "everything taken back",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: "*", Resource: "*" },
          ],
        },
      },
    },
    {
      title: "a policy of a bucket in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody: JSON.stringify({
          R: {
            PolicyDocument: { Statement: { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } },
          },
        }),
      },
    },
    {
      title: "who may take a role, in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody: JSON.stringify({
          R: { AssumeRolePolicyDocument: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } },
        }),
      },
    },
  ],
});
