import * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import { Contract as ContractParameters } from "../components/contract";
import { pending } from "../config/due";
import type { StackConfig } from "../config/schema/stack";
import type { CostLedger } from "../cost-ledger";
import { type Contract, type ContractEndpoint, contractVersion } from "../outputs";
import { parameterPrefix } from "../rules/naming";
import type { Development } from "./development";
import type { Foundation } from "./foundation";
import type { Operations } from "./operations";
import type { Registries } from "./registry";
import type { ServedEndpoint, Serving } from "./serving";
import type { Jobs } from "./training";

export interface ContractParts {
  readonly foundation: Foundation;
  readonly development: Development;
  readonly jobs: Jobs;
  readonly registries: Registries;
  readonly serving: Serving;
  readonly operations: Operations;
  readonly ledger: CostLedger;
}

/** What the stack tells other teams, as outputs and as SSM parameters. */
export function publishContract(
  config: StackConfig,
  context: StackContext,
  parts: ContractParts,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Inputs {
  const { dataStore } = parts.foundation;
  const { notebook, trainingBox } = parts.development;
  const served = mapValues(parts.serving, endpointEntry);
  // Not one output: in a preview the whole would be unknown as soon as one part is, and with it every amount and name.
  const contract = {
    contractVersion: contractVersion as typeof contractVersion,
    stack: `${context.naming.project}/${context.naming.environment}`,
    region: config.region,
    accountId: context.place.accountId,
    endpoints: served,
    buckets: {
      data: dataStore.dataBucketName,
      output: dataStore.outputBucketName,
      models: dataStore.modelsBucketName,
    },
    dashboardUrl: parts.operations.dashboard.url,
    cost: parts.ledger.report(config.region).apply((summary) => ({
      currency: "USD" as const,
      ...summary,
      ceilingMonthlyUsd: config.ceilings.monthlyUsd,
    })),
    ...(notebook === undefined ? {} : { notebook: { name: notebook.notebookName, url: notebook.url } }),
    ...(trainingBox === undefined
      ? {}
      : {
          trainingBox: {
            instanceId: trainingBox.instanceId,
            amiPinned: trainingBox.amiPinned,
            amiLatest: trainingBox.amiLatest,
          },
        }),
    ...(Object.keys(parts.registries).length === 0
      ? {}
      : { models: mapValues(parts.registries, ({ groupName }) => ({ modelPackageGroupName: groupName })) }),
    jobs: mapValues(parts.jobs, ({ jobName, arn }) => ({ jobName, arn })),
    pending: pending(config).map(({ kind, name, reason, next }) => ({
      kind,
      name,
      waitsFor: reason,
      nextCommand: next,
    })),
  };

  const endpoints = mapValues(served, (entry) => pulumi.output(entry) as pulumi.Output<ContractEndpoint>);
  new ContractParameters(
    "contract",
    {
      parameterPrefix: parameterPrefix(context.naming, config.contract.parameterPrefix),
      origin: { stack: contract.stack, region: contract.region },
      endpoints,
      outputs: pulumi.output({ ...contract, endpoints }) as pulumi.Output<Contract>,
    },
    opts,
  );
  return contract;
}

function endpointEntry({ config, endpoint, fn }: ServedEndpoint) {
  return {
    endpointName: endpoint.endpointName,
    endpointArn: endpoint.endpointArn,
    modelName: config.model,
    modelDigest: endpoint.modelDigest,
    logsUrl: endpoint.logsUrl,
    ...(fn === undefined
      ? {}
      : {
          functionName: fn.functionName,
          functionAliasArn: fn.aliasArn,
          invokePolicyArn: fn.invokePolicyArn,
          functionLogsUrl: fn.logsUrl,
          ...(fn.url === undefined ? {} : { functionUrl: fn.url }),
        }),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
