/**
 * Where a resource type takes ARNs of managed policies, whole policy documents, or something that holds them. In a path, `.` goes into an
 * object and `[]` through a list.
 */
export interface AttachPoint {
  readonly arns?: readonly string[];
  readonly documents?: readonly string[];
  /** Templates and other descriptions of resources, as text or object: whatever in them attaches or grants is found. */
  readonly templates?: readonly string[];
  /** Values handed to a template, among which an ARN may be. */
  readonly values?: readonly string[];
  /** Addresses of templates: they are not read. */
  readonly elsewhere?: readonly string[];
}

const ARN: AttachPoint = { arns: ["policyArn"] };
const ARNS: AttachPoint = { arns: ["policyArns[]"] };
const DOCUMENT: AttachPoint = { documents: ["policy"] };
const NATIVE_PRINCIPAL: AttachPoint = {
  arns: ["managedPolicyArns[]"],
  documents: ["policies[].policyDocument"],
};
const NATIVE_DOCUMENT: AttachPoint = { documents: ["policyDocument"] };
const TEMPLATE: AttachPoint = {
  templates: ["templateBody"],
  values: ["parameters"],
  elsewhere: ["templateUrl"],
};

/**
 * Every route by which a policy reaches a principal.
 *
 * No routes, as they grant nothing: a permissions boundary
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html), session policies of IAM Roles Anywhere, Transfer,
 * EMR Studio and EKS pod identities, and service control policies. `aws.lambda.CallbackFunction` without a role, components such as awsx,
 * and the results of `aws.iam.getPolicy` come out at one of these routes. Not seen: templates behind an address, an SSM document that
 * attaches when it runs, policies attached outside this program, controllers in Kubernetes.
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
  // Attaches the policy once a budget is exceeded.
  "aws:budgets/budgetAction:BudgetAction": { arns: ["definition.iamActionDefinition.policyArn"] },
  "aws:quicksight/iamPolicyAssignment:IamPolicyAssignment": ARN,
  "aws:cloudformation/stack:Stack": TEMPLATE,
  "aws:cloudformation/stackSet:StackSet": TEMPLATE,
  "aws:cloudformation/stackInstances:StackInstances": { values: ["parameterOverrides"] },
  "aws:cloudformation/stackSetInstance:StackSetInstance": { values: ["parameterOverrides"] },
  "aws:cloudcontrol/resource:Resource": { templates: ["desiredState"] },
  "aws:servicecatalog/provisionedProduct:ProvisionedProduct": { values: ["provisioningParameters"] },
  "aws:serverlessrepository/cloudFormationStack:CloudFormationStack": { values: ["parameters"] },
  "aws-native:iam:Role": NATIVE_PRINCIPAL,
  "aws-native:iam:User": NATIVE_PRINCIPAL,
  "aws-native:iam:Group": NATIVE_PRINCIPAL,
  "aws-native:iam:Policy": NATIVE_DOCUMENT,
  "aws-native:iam:ManagedPolicy": NATIVE_DOCUMENT,
  "aws-native:iam:RolePolicy": NATIVE_DOCUMENT,
  "aws-native:iam:UserPolicy": NATIVE_DOCUMENT,
  "aws-native:iam:GroupPolicy": NATIVE_DOCUMENT,
  "aws-native:sso:PermissionSet": { arns: ["managedPolicies[]"], documents: ["inlinePolicy"] },
  "aws-native:budgets:BudgetsAction": { arns: ["definition.iamActionDefinition.policyArn"] },
  "aws-native:cloudformation:Stack": TEMPLATE,
  "aws-native:cloudformation:StackSet": TEMPLATE,
  "aws-native:index:ExtensionResource": { templates: ["properties"] },
};
