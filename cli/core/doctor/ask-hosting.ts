import { DescribeEndpointCommand, DescribeEndpointConfigCommand } from "@aws-sdk/client-sagemaker";
import { askedIfThere } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import type { DoctorClients } from "./clients";

/**
 * Instances that endpoints run on now, by type.
 *
 * @param endpointNames this stack's, whether they are there or not.
 */
export async function askInstances(
  { sagemaker }: Pick<DoctorClients, "sagemaker">,
  endpointNames: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await inParallel(endpointNames, async (name) => {
    const endpoint = await askedIfThere(
      "sagemaker:DescribeEndpoint",
      () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
      name,
    );
    const configName = endpoint?.EndpointConfigName;
    if (endpoint === undefined || configName === undefined) return;
    // An endpoint tells how many they are, and its configuration of what type.
    const config = await askedIfThere(
      "sagemaker:DescribeEndpointConfig",
      () => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName })),
      configName,
    );
    const types = new Map(
      [...(config?.ProductionVariants ?? []), ...(config?.ShadowProductionVariants ?? [])].map(
        ({ VariantName, InstanceType }) => [VariantName, InstanceType],
      ),
    );
    for (const variant of [
      ...(endpoint.ProductionVariants ?? []),
      ...(endpoint.ShadowProductionVariants ?? []),
    ]) {
      const type = types.get(variant.VariantName);
      if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + (variant.CurrentInstanceCount ?? 0));
    }
  });
  return counts;
}
