import { type Pending, pending } from "../../../infra/config/due";
import type { EndpointConfig } from "../../../infra/config/schema/stack";
import type { ContractEndpoint } from "../../../infra/outputs";
import { physicalName } from "../../../infra/rules/naming";
import type { DeployedStack } from "../aws/deployed-stack";
import type { DeclaredStack } from "../aws/stack-config";

/** An endpoint as the stack's file and state want it. */
export interface ExpectedEndpoint {
  /** Key under `endpoints`. */
  readonly key: string;
  readonly endpointName: string;
  readonly serving: EndpointConfig["serving"];
  /** Key under `models`. */
  readonly modelName: string;
  /** Classes that the model tells apart. */
  readonly classes: number;
  /** SHA-256 in the stack's file. */
  readonly digest: string;
  /** Its part of the outputs; absent where it is not deployed. */
  readonly deployed: ContractEndpoint | undefined;
  /** Endpoint configuration that the stack's state wants; absent where the state is not known. */
  readonly configName: string | undefined;
}

export interface Expected {
  readonly endpoints: readonly ExpectedEndpoint[];
  /** Endpoints that wait for a promoted model. */
  readonly notDue: readonly Pending[];
}

const configurationType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

export function expectedOf(
  { config, naming }: DeclaredStack,
  { contract, resources }: DeployedStack,
): Expected {
  const waiting = pending(config).filter(({ kind }) => kind === "endpoint");
  const due = Object.entries(config.endpoints).filter(([key]) => !waiting.some(({ name }) => name === key));
  return {
    notDue: waiting,
    endpoints: due.flatMap(([key, { model, serving }]) => {
      const declared = config.models[model];
      if (declared?.digest === undefined) return [];
      return [
        {
          key,
          endpointName: physicalName(naming, key),
          serving,
          modelName: model,
          classes: declared.classes,
          digest: declared.digest,
          deployed: Object.hasOwn(contract?.endpoints ?? {}, key) ? contract?.endpoints[key] : undefined,
          configName: resources?.find(
            ({ type, name, replaced }) => type === configurationType && name === `${key}-config` && !replaced,
          )?.id,
        },
      ];
    }),
  };
}
