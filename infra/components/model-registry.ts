import { ModelPackageGroup } from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "./context";

export interface ModelRegistryArgs {
  readonly context: StackContext;
  /** Physical name, at most 63 characters. Changing it makes another group; AWS refuses to delete one that has versions. */
  readonly groupName: string;
}

/**
 * The group of SageMaker's model registry that has a model's promoted artifacts as versions. The versions are written by `promote` and
 * judged by `approve`, never by a deployment: they are records of what people decided.
 */
export class ModelRegistry extends pulumi.ComponentResource {
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: ModelRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:registry:ModelRegistry", name, {}, opts);
    const { groupName, context } = args;

    const group = new ModelPackageGroup(
      `${name}-packages`,
      // Without a description: another one would replace the group, with all its versions.
      { modelPackageGroupName: groupName },
      { parent: this, protect: context.protect, retainOnDelete: context.protect },
    );

    this.groupName = group.modelPackageGroupName;
    this.registerOutputs({ groupName: this.groupName });
  }
}
