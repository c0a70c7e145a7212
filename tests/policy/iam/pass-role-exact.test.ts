import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { passRoleExact } from "../../../policy/iam/pass-role-exact";
import { describeRule, diagnose } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";

describeRule(passRoleExact, {
  violate: [
    {
      title: "any role",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "iam:PassRole", Resource: "*" },
        },
      },
      says: /policy lets roles be passed that it does not name: statement 1 allows iam:PassRole on \*\. Name the ARN/,
    },
    {
      title: "any role of the account, even to one service",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/*",
            Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
          },
        },
      },
      says: /role\/\*/,
    },
    {
      title: "roles of a prefix",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["iam:passrole"],
            Resource: ["arn:aws:iam::123456789012:role/exact", "arn:aws:iam::123456789012:role/team-*"],
          },
        },
      },
      says: /on arn:aws:iam::123456789012:role\/team-\*\./,
    },
    {
      title: "roles of a path",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:Pass*",
            Resource: "arn:aws:iam::123456789012:role/ml/?",
          },
        },
      },
      says: /role\/ml\/\?/,
    },
    {
      title: "a name in any account",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/x" },
        },
      },
      says: /iam::\*:role\/x/,
    },
    {
      title: "a name that a variable makes",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/${aws:username}",
          },
        },
      },
      says: /aws:username/,
    },
    {
      title: "all actions of IAM",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "iam:*", Resource: "*" } },
      },
      says: /iam:PassRole on \*/,
    },
    {
      title: "it by NotAction",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: "s3:*", Resource: "*" } },
      },
      says: /iam:PassRole on \*/,
    },
    {
      title: "all roles but one",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:PassRole",
            NotResource: "arn:aws:iam::123456789012:role/admin",
          },
        },
      },
      says: /all roles but some/,
    },
    {
      title: "a Deny of one role",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "iam:PassRole", Resource: "*" },
            { Effect: "Deny", Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/admin" },
          ],
        },
      },
      says: /does not name/,
    },
  ],
  pass: [
    {
      title: "one role to one service",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: "arn:aws:iam::123456789012:role/training",
            Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
          },
        },
      },
    },
    {
      title: "several exact roles to a service by pattern",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b/c"],
            Condition: { StringLike: { "iam:PassedToService": "sagemaker.*" } },
          },
        },
      },
    },
    {
      title: "all of IAM on users",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::123456789012:user/*" },
        },
      },
    },
    {
      title: "all of IAM on one user",
      type: POLICY,
      props: {
        policy: {
          Statement: { Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::123456789012:user/ada" },
        },
      },
    },
    {
      title: "all of another service",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } },
      },
    },
    {
      title: "everything, with passing taken back",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "*", Resource: "*" },
            { Effect: "Deny", Action: "iam:Pass*", Resource: "*" },
          ],
        },
      },
    },
    {
      title: "any role but what a Deny leaves",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: "*",
              Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
            },
            {
              Effect: "Deny",
              Action: "iam:PassRole",
              NotResource: "arn:aws:iam::123456789012:role/training",
            },
          ],
        },
      },
    },
    {
      title: "a Deny of passing",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Deny", Action: "iam:PassRole", Resource: "*" },
        },
      },
    },
  ],
});

describe("iam-pass-role-exact", () => {
  for (const Condition of [
    undefined,
    { StringLike: { "iam:PassedToService": "*" } },
    { Bool: { "aws:SecureTransport": "true" } },
  ]) {
    it(`advises to name the service for an exact role under the condition ${JSON.stringify(Condition)}`, async () => {
      const statement = {
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: "arn:aws:iam::123456789012:role/training",
        Condition,
      };

      const found = await diagnose(passRoleExact, {
        type: POLICY,
        props: { policy: { Statement: statement } },
      });

      assert.deepEqual(
        found.map(({ level }) => level),
        ["advisory"],
      );
      assert.match(
        found[0]?.message ?? "",
        /does not say to which service the roles of statement 1 may be passed/,
      );
    });
  }
});
