import { noBroadManagedPolicy } from "../../../policy/iam/no-broad-managed-policy";
import { describeRule } from "../../support/rule-cases";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

describeRule(noBroadManagedPolicy, {
  violate: [
    {
      title: "the managed policy on a role",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerCanvasFullAccess" },
      says: /full access to a service/,
    },
    {
      title: "it for a user, in another partition",
      type: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      props: { user: "ada", policyArn: "arn:aws-us-gov:iam::aws:policy/AmazonSageMakerCanvasFullAccess" },
      says: /full access to a service/,
    },
    {
      title: "it in a template",
      type: "aws:cloudformation/stack:Stack",
      props: {
        templateBody:
          "Resources:\n  R:\n    Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSageMakerCanvasFullAccess]\n",
      },
      says: /full access to a service/,
    },
    {
      title: "AmazonSageMakerGeospatialFullAccess",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonSageMakerGeospatialFullAccess" },
      says: /full access to a service/,
    },
    {
      title: "AmazonSageMakerModelRegistryFullAccess",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerModelRegistryFullAccess" },
      says: /full access to a service/,
    },
    {
      title: "AWSGlueConsoleSageMakerNotebookFullAccess",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AWSGlueConsoleSageMakerNotebookFullAccess" },
      says: /full access to a service/,
    },
    {
      title: "AWSLambda_FullAccess",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AWSLambda_FullAccess" },
      says: /full access to a service/,
    },
    {
      title: "DataScientist",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/job-function/DataScientist" },
      says: /whole occupation/,
    },
    {
      title: "AdministratorAccess-Amplify",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess-Amplify" },
      says: /administration of a platform/,
    },
    {
      title: "AmazonSageMakerModelCustomizationCoreAccess",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerModelCustomizationCoreAccess" },
      says: /Its document amounts to full access/,
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
      props: { policyArn: "arn:aws:iam::123456789012:policy/AmazonSageMakerCanvasFullAccess" },
    },
    {
      title: "a boundary",
      type: "aws:iam/role:Role",
      props: { permissionsBoundary: "arn:aws:iam::aws:policy/AmazonSageMakerCanvasFullAccess" },
    },
    {
      title: "what has a rule of its own",
      type: ATTACHMENT,
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" },
    },
  ],
});
