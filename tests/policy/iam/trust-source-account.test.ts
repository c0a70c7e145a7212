import { trustSourceAccount } from "../../../policy/iam/trust-source-account";
import { describeRule } from "../../support/rule-cases";

const ROLE = "aws:iam/role:Role";

describeRule(trustSourceAccount, {
  violate: [
    {
      title: "SageMaker for any account",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        },
      },
      says: /assumeRolePolicy lets sagemaker take the role for any account: statement 1 has no condition on aws:SourceAccount/,
    },
    {
      title: "one of several services",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "T",
              Effect: "Allow",
              Principal: { Service: ["ec2.amazonaws.com", "scheduler.amazonaws.com"] },
              Action: "sts:AssumeRole",
            },
          ],
        },
      },
      says: /lets scheduler take the role for any account: statement T/,
    },
    {
      title: "a condition on something else",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o" } },
          },
        },
      },
      says: /no condition/,
    },
    {
      title: "a source that may be anything",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { ArnLike: { "aws:SourceArn": "*" } },
          },
        },
      },
      says: /no condition/,
    },
    {
      title: "all sources but one",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringNotEquals: { "aws:SourceAccount": "1" } },
          },
        },
      },
      says: /no condition/,
    },
    {
      title: "a service of the settings",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "states.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        },
      },
      settings: { services: ["states"] },
      says: /lets states take/,
    },
    {
      title: "the role of the other provider, as text",
      type: "aws-native:iam:Role",
      props: {
        assumeRolePolicyDocument: JSON.stringify({
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        }),
      },
      says: /assumeRolePolicyDocument lets sagemaker/,
    },
    { title: "what is no JSON", type: ROLE, props: { assumeRolePolicy: "{" }, says: /it is not valid JSON/ },
  ],
  pass: [
    {
      title: "the account",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        },
      },
    },
    {
      title: "the resource, in another letter case",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { ArnLike: { "AWS:SourceARN": "arn:aws:sagemaker:*:123456789012:*" } },
          },
        },
      },
    },
    {
      title: "services that send no source",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] },
            Action: "sts:AssumeRole",
          },
        },
      },
    },
    {
      title: "an account",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sts:AssumeRole" },
        },
      },
    },
    {
      title: "a Deny",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Deny",
            Principal: { Service: "sagemaker.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        },
      },
    },
    {
      title: "a service whose name only begins alike",
      type: ROLE,
      props: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Service: "sagemakerish.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        },
      },
    },
  ],
});
