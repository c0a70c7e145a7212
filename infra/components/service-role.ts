import { Role, RolePolicy } from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyDocument, renderPolicy } from "../iam/document";
import { applyInput } from "./apply-input";

export interface ServiceRoleArgs {
  /** Who may assume the role. */
  readonly trust: pulumi.Input<PolicyDocument>;
  /** Everything the role may do; kept inline, so that it can be attached to nothing else. */
  readonly permissions: pulumi.Input<PolicyDocument>;
  /** What the role is for, as people read it in the IAM console; at most 1000 characters. */
  readonly description: string;
}

/**
 * An IAM role with exactly one inline policy.
 *
 * What assumes the role should depend on `policy`: AWS services check the permissions of a role while they create
 * what uses it, and Pulumi would otherwise create the two at the same time (pulumi-aws#673).
 */
export class ServiceRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Name that IAM knows the role by; generated. */
  readonly name: pulumi.Output<string>;
  readonly policy: RolePolicy;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:iam:ServiceRole", name, {}, opts);

    const role = new Role(
      name,
      {
        assumeRolePolicy: applyInput(args.trust, (trust) => renderPolicy(trust, "trust")),
        description: args.description,
        maxSessionDuration: 3600,
      },
      { parent: this },
    );
    this.policy = new RolePolicy(
      `${name}-permissions`,
      {
        role: role.name,
        name: "permissions",
        policy: applyInput(args.permissions, (permissions) => renderPolicy(permissions, "role")),
      },
      { parent: this },
    );

    this.arn = role.arn;
    this.name = role.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
