import type { RequestContext } from "./conditions";
import { type Canary, evaluate, type Permissions, type Verdict } from "./evaluate";

/** A way from a permission to every permission. */
export interface Escalation {
  /** What can be done by it, as the end of "they can …". */
  readonly means: string;
  readonly verdicts: readonly Verdict[];
}

/** The principal has no boundary: what a grant that demands one never sees. */
const UNBOUNDED: RequestContext = { "iam:permissionsboundary": null };

/**
 * Ways by which the holder of a few permissions gets all of the account's. Each is a chain of which every link must be allowed, on
 * resources of any name: a pipeline that may attach policies to roles of one path is not one.
 * The list follows https://docs.aws.amazon.com/prescriptive-guidance/latest/privilege-escalation-iam/welcome.html and
 * https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation.
 *
 * `iam:PassedToService`, `iam:PolicyARN` and `iam:PermissionsBoundary` keep their meaning: a grant that allows to attach only where a
 * boundary is set, or only policies that are no administrator's, is no way out.
 */
const CHAINS: readonly { readonly means: string; readonly links: readonly Canary[] }[] = [
  ...["AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy"].flatMap((action) =>
    ["AmazonSageMakerFullAccess", "AdministratorAccess"].map((policy) => ({
      means: `attach ${policy} by iam:${action}`,
      links: [
        iam(action, kindOf(action), { ...UNBOUNDED, "iam:policyarn": `arn:aws:iam::aws:policy/${policy}` }),
      ],
    })),
  ),
  ...["PutRolePolicy", "PutUserPolicy", "PutGroupPolicy"].map((action) => ({
    means: `write themselves a policy by iam:${action}`,
    links: [iam(action, kindOf(action), UNBOUNDED)],
  })),
  ...["CreatePolicyVersion", "SetDefaultPolicyVersion"].map((action) => ({
    means: `rewrite a policy by iam:${action}`,
    links: [iam(action, "policy", {})],
  })),
  { means: "join any group by iam:AddUserToGroup", links: [iam("AddUserToGroup", "group", {})] },
  ...["CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"].map((action) => ({
    means: `become any user by iam:${action}`,
    links: [iam(action, "user", {})],
  })),
  {
    means: "take any role by iam:UpdateAssumeRolePolicy",
    links: [iam("UpdateAssumeRolePolicy", "role", {})],
  },
  ...[
    runs("sagemaker", "sagemaker:CreateNotebookInstance", "notebook-instance/{name}"),
    runs("sagemaker", "sagemaker:CreateTrainingJob", "training-job/{name}"),
    runs("sagemaker", "sagemaker:CreateProcessingJob", "processing-job/{name}"),
    runs("sagemaker", "sagemaker:CreateHyperParameterTuningJob", "hyper-parameter-tuning-job/{name}"),
    runs("sagemaker", "sagemaker:CreatePipeline", "pipeline/{name}"),
    runs("ec2", "ec2:RunInstances", "instance/{name}"),
    runs("cloudformation", "cloudformation:CreateStack", "stack/{name}/1"),
    runs("lambda", "lambda:CreateFunction", "function:{name}", "lambda:InvokeFunction"),
    runs("glue", "glue:CreateJob", "job/{name}", "glue:StartJobRun"),
    runs("codebuild", "codebuild:CreateProject", "project/{name}", "codebuild:StartBuild"),
  ],
];

export function escalationsOf(permissions: Permissions): readonly Escalation[] {
  return CHAINS.flatMap(({ means, links }) => {
    const verdicts: Verdict[] = [];
    for (const link of links) {
      const verdict = evaluate(permissions, link);
      if (verdict === undefined) return [];
      verdicts.push(verdict);
    }
    return [{ means, verdicts }];
  });
}

function iam(action: string, kind: string, context: RequestContext): Canary {
  return { action: `iam:${action}`, resource: `${kind}/{name}`, regional: false, context };
}

function kindOf(action: string): string {
  return /Role|User|Group/.exec(action)?.[0].toLowerCase() ?? "role";
}

function runs(service: string, action: string, resource: string, start?: string) {
  const passes = iam("PassRole", "role", { "iam:passedtoservice": `${service}.amazonaws.com` });
  return {
    means: `run code under any role by iam:PassRole and ${action}`,
    links: [passes, { action, resource }, ...(start === undefined ? [] : [{ action: start, resource }])],
  };
}
