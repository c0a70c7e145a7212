import { noServiceWildcard } from "../../../policy/iam/no-service-wildcard";
import { describeRule } from "../../support/rule-cases";

const POLICY = "aws:iam/policy:Policy";

describeRule(noServiceWildcard, {
  violate: [
    {
      title: "a whole service",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } },
      },
      says: /policy allows every action of s3: statement 1/,
    },
    {
      title: "it on one resource",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["logs:PutLogEvents", "SageMaker:*"],
            Resource: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/x",
          },
        },
      },
      says: /every action of sagemaker/,
    },
    {
      title: "two services, one by a question mark",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Action: ["ec2:?*", "kms:**"], Resource: "*" },
        },
      },
      says: /every action of ec2, kms/,
    },
    {
      title: "a pattern for each verb",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["s3:Get*", "s3:List*", "s3:Put*", "s3:Delete*", "s3:Create*", "s3:Describe*"],
            Resource: "*",
          },
        },
      },
      says: /every action of s3/,
    },
    {
      title: "all services that NotAction leaves",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", NotAction: ["iam:*"], Resource: "*" },
        },
      },
      says: /all services that its NotAction does not name/,
    },
    {
      title: "a Deny of only some of it",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "s3:*", Resource: "*" },
            { Effect: "Deny", Action: "s3:Delete*", Resource: "*" },
          ],
        },
      },
      says: /every action of s3/,
    },
    {
      title: "a Deny on one bucket only",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "s3:*", Resource: "*" },
            { Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::b" },
          ],
        },
      },
      says: /every action of s3/,
    },
  ],
  pass: [
    {
      title: "wildcards after verbs of reading",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["s3:Get*", "s3:List*", "sagemaker:Describe*"],
            Resource: "*",
          },
        },
      },
    },
    {
      title: "exact actions",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:CreateBucket", "s3:ListBucket"],
            Resource: "*",
          },
        },
      },
    },
    {
      title: "a whole service denied",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Deny", Action: "s3:*", Resource: "*" } },
      },
    },
    {
      title: "a whole service taken back on everything",
      type: POLICY,
      props: {
        policy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "s3:*", Resource: "*" },
            { Effect: "Deny", Action: "s3:*", Resource: "*" },
          ],
        },
      },
    },
    {
      title: "every service, which another rule judges",
      type: POLICY,
      props: {
        policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
      },
    },
  ],
});
