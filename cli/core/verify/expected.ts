import { type Pending, pending } from "../../../infra/config/due";
import type { EndpointConfig } from "../../../infra/config/schema/stack";
import type { ContractEndpoint } from "../../../infra/outputs";
import { endpointAlarms } from "../../../infra/rules/alarms";
import { physicalName } from "../../../infra/rules/naming";
import type { DeployedStack } from "../aws/deployed-stack";
import type { DeclaredStack } from "../aws/stack-config";
import { endpointLogsUrl, placeOf } from "../operate/console-pages";
import { type Registry, registryOf } from "../promote/register";

/** An endpoint as the stack's file and state want it. */
export interface ExpectedEndpoint {
  /** Of `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** Key under `endpoints`. */
  readonly key: string;
  readonly endpointName: string;
  readonly serving: EndpointConfig["serving"];
  /** Whether a function stands before it. */
  readonly hasFunction: boolean;
  /** Names of the alarms on the endpoint itself, without which nothing holds a rollout back. */
  readonly alarmNames: readonly string[];
  /** Key under `models`. */
  readonly modelName: string;
  /** Classes that the model tells apart. */
  readonly classes: number;
  /** SHA-256 in the stack's file. */
  readonly digest: string;
  /** Of the model. Absent where its artifacts need not be registered. */
  readonly registry: Registry | "not deployed" | undefined;
  /** Console page of its containers' log, whether it is there or could not be made. */
  readonly logsUrl: string;
  /** Its part of the outputs; absent where it is not deployed. */
  readonly deployed: ContractEndpoint | undefined;
  /** Endpoint configuration that the stack's state wants; absent where the state is not known. */
  readonly configName: string | undefined;
}

export interface Expected {
  readonly endpoints: readonly ExpectedEndpoint[];
  /** Endpoints that wait for a promoted model. */
  readonly notDue: readonly Pending[];
  /** Endpoints in the outputs that the stack's file does not have, or that are not due by it. */
  readonly unexpected: readonly string[];
}

const configurationType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

export function expectedOf(
  { stack, config, naming }: DeclaredStack,
  { contract, resources }: DeployedStack,
): Expected {
  const waiting = pending(config).filter(({ kind }) => kind === "endpoint");
  const due = Object.entries(config.endpoints).filter(([key]) => !waiting.some(({ name }) => name === key));
  return {
    notDue: waiting,
    unexpected: Object.keys(contract?.endpoints ?? {}).filter((key) => !due.some(([one]) => one === key)),
    endpoints: due.flatMap(([key, { model, serving, function: fn, alarms: thresholds }]) => {
      const declared = config.models[model];
      if (declared?.digest === undefined) return [];
      const endpointName = physicalName(naming, key);
      return [
        {
          stack,
          key,
          endpointName,
          serving,
          hasFunction: fn.kind !== "none",
          alarmNames: endpointAlarms({ endpointName, serving, thresholds }).map(({ name }) => name),
          modelName: model,
          classes: declared.classes,
          digest: declared.digest,
          registry:
            declared.registry.kind === "none"
              ? undefined
              : contract !== undefined && Object.hasOwn(contract.models ?? {}, model)
                ? registryOf(model, declared, contract, stack)
                : "not deployed",
          logsUrl: endpointLogsUrl(placeOf(config.region, contract?.accountId), endpointName),
          deployed: Object.hasOwn(contract?.endpoints ?? {}, key) ? contract?.endpoints[key] : undefined,
          configName: resources?.find(
            ({ type, name, replaced }) => type === configurationType && name === `${key}-config` && !replaced,
          )?.id,
        },
      ];
    }),
  };
}
