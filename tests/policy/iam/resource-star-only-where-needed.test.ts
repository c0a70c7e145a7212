import assert from "node:assert/strict";
import { describe, it } from "mocha";
import list from "../../../policy/iam/actions.json";
import { resourceStarOnlyWhereNeeded } from "../../../policy/iam/resource-star-only-where-needed";
import { describeRule, diagnose } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";

describeRule(resourceStarOnlyWhereNeeded, {
  violate: [
    {
      title: "an action that has resources",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "sagemaker:InvokeEndpoint", Resource: "*" },
        },
      },
      says: /statement 1 allows sagemaker:InvokeEndpoint on all resources/,
    },
    {
      title: "it beside one that has none",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["ecr:GetAuthorizationToken", "S3:getobject"],
            Resource: ["arn:aws:s3:::b/*", "*"],
          },
        },
      },
      says: /allows s3:GetObject on all resources/,
    },
    {
      title: "a wildcard over actions that have some",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "kms:*crypt", Resource: "arn:*" },
        },
      },
      says: /kms:Decrypt, kms:Encrypt, kms:ReEncrypt|kms:Decrypt/,
    },
    {
      title: "all actions",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
      },
      says: /all actions on all resources/,
    },
    {
      title: "all actions but some",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", NotAction: "iam:*", Resource: "*" } },
      },
      says: /all actions but some/,
    },
    {
      title: "all resources but some",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::b/*" },
        },
      },
      says: /s3:GetObject on all resources/,
    },
    {
      title: "a condition that bounds no resource",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          },
        },
      },
      says: /s3:GetObject/,
    },
    {
      title: "a tag of no value",
      type: POLICY,
      props: {
        policy: {
          Statement: {
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: "*",
            Condition: { StringEquals: { "aws:ResourceTag/team": [] } },
          },
        },
      },
      says: /s3:GetObject/,
    },
    {
      title: "a tag that may be anything",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: "*",
            Condition: { StringLike: { "aws:ResourceTag/team": "*" } },
          },
        },
      },
      says: /s3:GetObject/,
    },
  ],
  pass: [
    {
      title: "an action without resources",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: [
              "ecr:GetAuthorizationToken",
              "sagemaker:ListTrainingJobs",
              "ec2:DescribeSubnets",
              "sts:GetCallerIdentity",
            ],
            Resource: "*",
          },
        },
      },
    },
    {
      title: "named resources",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
        },
      },
    },
    {
      title: "a Deny",
      type: POLICY,
      props: { policy: { Version: "2012-10-17", Statement: { Effect: "Deny", Action: "*", Resource: "*" } } },
    },
    {
      title: "resources of a tag",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "ec2:StopInstances",
            Resource: "*",
            Condition: { StringEquals: { "aws:ResourceTag/team": "ml" } },
          },
        },
      },
    },
    {
      title: "metrics of one namespace",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: "cloudwatch:PutMetricData",
            Resource: "*",
            Condition: { StringEquals: { "cloudwatch:namespace": "mine" } },
          },
        },
      },
    },
  ],
});

describe("iam-resource-star-only-where-needed", () => {
  it("says which actions it has not in its list", async () => {
    const policy = {
      Statement: {
        Effect: "Allow",
        Action: ["newservice:Do", "sts:GetCallerIdentity", "s3:NoSuchAction"],
        Resource: "*",
      },
    };

    const found = await diagnose(resourceStarOnlyWhereNeeded, { type: POLICY, props: { policy } });

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      found[0]?.message ?? "",
      /statement 1 allows 2 action\(s\) on all resources that this pack has not in its list/,
    );
  });
});

describe("the list of actions", () => {
  it("names its source and licence, and puts no action on both sides", () => {
    assert.match(list.source, /@cloud-copilot\/iam-data \d/);
    assert.match(list.licence, /^MIT License Copyright/);
    for (const [service, { withResource, withoutResource }] of Object.entries(list.services)) {
      const names = [...withResource.split(" "), ...withoutResource.split(" ")].filter((name) => name !== "");
      assert.ok(names.length > 0, service);
      assert.equal(new Set(names).size, names.length, service);
    }
  });
});
