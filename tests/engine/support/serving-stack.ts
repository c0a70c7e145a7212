import type { CloudObject } from "../aws/cloud";
import { EngineStack } from "./engine-stack";
import { failuresOf } from "./operations";
import { servingAlone } from "./settings";
import type { Engine } from "./with-engine";

let deployed: Promise<EngineStack> | undefined;

/** A deployed stack with one endpoint, made once for all scenarios; each gets its own copy of stack and account. */
export async function servingStack({ cli, keep }: Engine): Promise<EngineStack> {
  deployed ??= deploy(cli);
  return keep((await deployed).fork());
}

async function deploy(cli: string): Promise<EngineStack> {
  const stack = await EngineStack.ofProject(cli, "dev", servingAlone);
  // Not after a file's tests: with --parallel a worker runs several files, and keeps what they have loaded.
  process.once("exit", () => stack.remove());
  stack.keepPlugins();
  const { status, ...run } = await stack.up();
  if (status !== 0)
    throw new Error(`The stack could not be deployed: ${failuresOf({ status, ...run }).join("\n")}`);
  return stack;
}

/** The endpoint of a stack with one. */
export function endpointOf(stack: EngineStack): CloudObject {
  const [found] = ofType(stack, "aws:sagemaker/endpoint:Endpoint");
  if (found === undefined) throw new Error("The account has no endpoint.");
  return found;
}

export function ofType(stack: EngineStack, type: string): CloudObject[] {
  return Object.values(stack.account().objects).filter((object) => object.type === type);
}

/** Artifact that answers, by way of the configuration in use; undefined where one of the two is gone. */
export function servedArtifact(stack: EngineStack): string | undefined {
  const { live } = endpointOf(stack);
  const config = ofType(stack, "aws:sagemaker/endpointConfiguration:EndpointConfiguration").find(
    ({ id }) => id === live.configName,
  );
  const [variant] = (config?.properties.productionVariants ?? []) as { modelName: string }[];
  const model = ofType(stack, "aws:sagemaker/model:Model").find(({ id }) => id === variant?.modelName);
  return (model?.properties.primaryContainer as { modelDataUrl?: string } | undefined)?.modelDataUrl;
}
