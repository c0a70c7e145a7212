import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getPartition } from "@pulumi/aws/getPartition";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import type { StackConfig } from "../config/schema/stack";
import { stackTags } from "../rules/tags";

/** The one provider: the region and the tags of every resource. Default providers are switched off. */
export function awsProvider(config: StackConfig): Provider {
  return new Provider("aws", {
    region: config.region,
    defaultTags: { tags: stackTags(config, pulumi.getProject()) },
  });
}

/** Account and partition as plain text, so that every policy document is known in a preview. */
export async function stackContext(config: StackConfig, provider: Provider): Promise<StackContext> {
  const [{ accountId }, { partition, dnsSuffix }] = await Promise.all([
    getCallerIdentity({}, { provider }),
    getPartition({}, { provider }),
  ]);
  return {
    naming: { project: pulumi.getProject(), environment: config.environment },
    place: { partition, dnsSuffix, region: config.region, accountId },
    protect: config.removal.kind === "retain",
  };
}
