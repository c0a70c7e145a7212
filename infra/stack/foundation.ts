import type * as pulumi from "@pulumi/pulumi";
import { AlertTopic } from "../components/alert-topic";
import type { StackContext } from "../components/context";
import { DataStore } from "../components/data-store";
import { Network } from "../components/network";
import type { StackConfig } from "../config/schema/stack";
import { endpointLogGroupName, functionLogGroupName, physicalName } from "../rules/naming";
import { flowLogGroupName } from "../rules/vpc";

/** What everything else stands on. */
export interface Foundation {
  readonly dataStore: DataStore;
  /** Absent: AWS-managed networking. */
  readonly network: Network | undefined;
  /** Absent: alarms notify nobody. */
  readonly alertTopic: AlertTopic | undefined;
}

export function buildFoundation(
  config: StackConfig,
  context: StackContext,
  opts: pulumi.ComponentResourceOptions,
): Foundation {
  const { alarms, network, storage, trainingBox } = config;
  const dataStore = new DataStore(
    "storage",
    {
      context,
      storage,
      encryptedLogGroupNames: logGroupNames(config, context),
      topicPublishers: alarms.kind === "notify" ? ["cloudwatch"] : [],
    },
    opts,
  );
  return {
    dataStore,
    network:
      network.kind === "none"
        ? undefined
        : new Network(
            "network",
            { context, network, hasTrainingBox: trainingBox !== undefined, keyArn: dataStore.keyArn },
            opts,
          ),
    alertTopic:
      alarms.kind === "silent"
        ? undefined
        : new AlertTopic(
            "alerts",
            {
              context,
              topicName: physicalName(context.naming, "alerts"),
              emails: alarms.emails,
              keyArn: dataStore.keyArn,
            },
            opts,
          ),
  };
}

/** Log groups that the stack makes: the key's policy names each of them. */
function logGroupNames({ endpoints, network }: StackConfig, { naming }: StackContext): string[] {
  const names = Object.keys(endpoints).map((name) => physicalName(naming, name));
  return [
    ...names.map(endpointLogGroupName),
    ...names.map(functionLogGroupName),
    ...(network.kind === "create" ? [flowLogGroupName(naming)] : []),
  ];
}
