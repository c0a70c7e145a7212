import { NotebookInstance, NotebookInstanceLifecycleConfiguration } from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { notebookRole } from "../iam/roles";
import { lifecycleContent, notebookStartScript } from "../rules/idle-stop";
import { jobNamePrefix } from "../rules/job-name";
import { physicalName } from "../rules/naming";
import type { StackContext } from "./context";
import type { DataStore } from "./data-store";
import type { Network } from "./network";
import { roleRetry } from "./role-retry";
import { ServiceRole } from "./service-role";

export interface NotebookArgs {
  readonly context: StackContext;
  /** The configuration's section; its defaults are described there. */
  readonly notebook: NonNullable<StackConfig["notebook"]>;
  /** Where the images lie in the data bucket. */
  readonly storage: Pick<StackConfig["storage"], "data">;
  readonly dataStore: DataStore;
  /**
   * Network to live in. Adding, removing or changing it replaces the notebook, volume included.
   * @default - AWS-managed networking
   */
  readonly network?: Network | undefined;
}

/** A place for people to look at data and results: no root, no deployment rights, and it stops when nobody works. */
export class Notebook extends pulumi.ComponentResource {
  /** Physical name, fixed: the role may stop this instance and no other, and has to exist before it. */
  readonly notebookName: string;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: NotebookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:development:Notebook", name, {}, opts);

    const { context, notebook, storage, dataStore, network } = args;
    const { naming, place } = context;
    const notebookName = physicalName(naming, "notebook");
    this.notebookName = notebookName;

    const policies = pulumi
      .all([
        dataStore.dataBucketName,
        dataStore.outputBucketName,
        dataStore.keyArn,
        network?.subnetIds,
        network?.securityGroupId,
      ])
      .apply(([dataBucketName, outputBucketName, keyArn, subnetIds, securityGroupId]) =>
        notebookRole({
          place,
          notebookName,
          data: { ...storage.data, bucketName: dataBucketName },
          outputBucketName,
          jobNamePrefix: jobNamePrefix(naming),
          keyArn,
          network:
            subnetIds === undefined || securityGroupId === undefined
              ? undefined
              : { subnetIds, securityGroupId },
        }),
      );
    const role = new ServiceRole(
      `${name}-role`,
      {
        trust: policies.trust,
        permissions: policies.permissions,
        description: `Notebook of ${naming.environment}: reads data and jobs, keeps files below notebook/`,
      },
      { parent: this },
    );
    const lifecycle = new NotebookInstanceLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        onStart: lifecycleContent(
          notebookStartScript({
            notebookName,
            region: place.region,
            idleStopMinutes: notebook.idleStopMinutes,
          }),
        ),
      },
      { parent: this },
    );
    const instance = new NotebookInstance(
      name,
      {
        name: notebookName,
        instanceType: notebook.instanceType,
        roleArn: role.arn,
        lifecycleConfigName: lifecycle.name,
        platformIdentifier: notebook.platform,
        volumeSize: notebook.volumeSizeGiB,
        rootAccess: "Disabled",
        instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" },
        directInternetAccess: notebook.internetAccess.kind === "direct" ? "Enabled" : "Disabled",
        ...(dataStore.keyArn === undefined ? {} : { kmsKeyId: dataStore.keyArn }),
        ...(network === undefined
          ? {}
          : {
              subnetId: network.subnetIds.apply((ids) => ids[0] ?? ""),
              securityGroups: [network.securityGroupId],
            }),
      },
      {
        parent: this,
        dependsOn: [role.policy, ...(network?.settled ?? [])],
        hooks: { onError: [roleRetry(`${name}-role-retry`)] },
      },
    );

    this.url = instance.url;
    this.registerOutputs({ notebookName: this.notebookName, url: this.url });
  }
}
