/** Where a resource type takes ARNs of managed policies, and where whole documents; a path's `[]` goes through a list. */
export interface AttachPoint {
  readonly arns?: readonly string[];
  readonly documents?: readonly string[];
}

const ARN: AttachPoint = { arns: ["policyArn"] };
const ARNS: AttachPoint = { arns: ["policyArns[]"] };
const DOCUMENT: AttachPoint = { documents: ["policy"] };
const NATIVE_PRINCIPAL: AttachPoint = {
  arns: ["managedPolicyArns[]"],
  documents: ["policies[].policyDocument"],
};
const NATIVE_DOCUMENT: AttachPoint = { documents: ["policyDocument"] };

/**
 * Every route by which a policy reaches a principal. A permissions boundary is no route: it grants nothing
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
 * `aws.lambda.CallbackFunction` without a role attaches policies by `RolePolicyAttachment` and so is covered.
 */
export const ATTACH_POINTS: Readonly<Record<string, AttachPoint>> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ARN,
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": ARN,
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ARN,
  "aws:iam/policyAttachment:PolicyAttachment": ARN,
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ARNS,
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": ARNS,
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": ARNS,
  "aws:iam/role:Role": { arns: ["managedPolicyArns[]"], documents: ["inlinePolicies[].policy"] },
  "aws:iam/rolePolicy:RolePolicy": DOCUMENT,
  "aws:iam/userPolicy:UserPolicy": DOCUMENT,
  "aws:iam/groupPolicy:GroupPolicy": DOCUMENT,
  "aws:iam/policy:Policy": DOCUMENT,
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": { arns: ["managedPolicyArn"] },
  "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": {
    arns: ["managedPolicyArns[]"],
  },
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": { documents: ["inlinePolicy"] },
  "aws-native:iam:Role": NATIVE_PRINCIPAL,
  "aws-native:iam:User": NATIVE_PRINCIPAL,
  "aws-native:iam:Group": NATIVE_PRINCIPAL,
  "aws-native:iam:ManagedPolicy": NATIVE_DOCUMENT,
  "aws-native:iam:RolePolicy": NATIVE_DOCUMENT,
  "aws-native:iam:UserPolicy": NATIVE_DOCUMENT,
  "aws-native:iam:GroupPolicy": NATIVE_DOCUMENT,
};

/** Stacks whose roles never reach the engine: their template is all there is to look at. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  "aws:cloudformation/stack:Stack": "templateBody",
  "aws:cloudformation/stackSet:StackSet": "templateBody",
};
