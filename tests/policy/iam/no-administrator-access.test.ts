import { noAdministratorAccess } from "../../../policy/iam/no-administrator-access";
import { describeRule } from "../../support/rule-cases";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

describeRule(noAdministratorAccess, {
  violate: [
    {
      title: "the managed policy on a role",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      says: /allows everything, SageMaker with the rest/,
    },
    {
      title: "it for a user, in another partition",
      type: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      props: { user: "ada", policyArn: "arn:aws-us-gov:iam::aws:policy/AdministratorAccess" },
      says: /allows everything, SageMaker with the rest/,
    },
    {
      title: "it in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody:
          "Resources:\n  R:\n    Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n",
      },
      says: /allows everything, SageMaker with the rest/,
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
      props: { policyArn: "arn:aws:iam::123456789012:policy/AdministratorAccess" },
    },
    {
      title: "a boundary",
      type: "aws:iam/role:Role",
      props: { permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
    {
      title: "an occupation's policy",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/job-function/DataScientist" },
    },
  ],
});
