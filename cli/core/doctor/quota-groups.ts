import { physicalName } from "../../../infra/rules/naming";
import { AwsFailure } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import { askInstances } from "./ask-hosting";
import { askQuotas, askUsage, type ListedQuota } from "./ask-quotas";
import type { DoctorClients } from "./clients";
import { about, type Finding } from "./finding";
import type { Group, GroupContext } from "./group";
import { boxNeed, instanceNeeds } from "./needs";
import { judgeBox, judgeInstances, type QuotaContext, type Usage } from "./quotas";

/** Quotas of SageMaker's instances and of the training box. */
export function quotaGroups({ declared, deployed, place }: GroupContext): readonly Group[] {
  const needs = instanceNeeds(declared.config);
  const box = boxNeed(declared.config);
  const context: QuotaContext = {
    region: place.region,
    isDeployed: (deployed?.resources?.length ?? 0) > 1 || deployed?.contract !== undefined,
  };
  const endpointNames = [
    ...new Set([
      ...Object.keys(declared.config.endpoints).map((key) => physicalName(declared.naming, key)),
      ...Object.values(deployed?.contract?.endpoints ?? {}).map(({ endpointName }) => endpointName),
    ]),
  ];
  const instances: Group = {
    area: "limits",
    check: "quotas",
    subject: "instances of SageMaker",
    ask: async (clients) => {
      const wanted = needs.map(
        ({ quotaName }) =>
          ({ name }: { name: string }) =>
            name === quotaName,
      );
      const quotas = await askQuotas(clients, "sagemaker", wanted);
      const asked = await inParallel(needs, async (need) => {
        const quota = quotas.find(({ name }) => name === need.quotaName);
        return { need, quota, ...(await usageOf(clients, quota)) };
      });
      const isUsed = asked.some(({ need, usage }) => need.check === "hosting" && usage.account !== undefined);
      const { own, findings } = isUsed ? await ownInstances(clients, endpointNames) : unknownInstances;
      return [
        ...asked.flatMap(({ need, quota, usage, findings: refused }) => [
          ...judgeInstances(
            need,
            quota,
            need.check === "hosting" && own !== undefined
              ? { ...usage, own: own.get(need.instanceType) ?? 0 }
              : usage,
            context,
          ),
          ...refused,
        ]),
        ...findings,
      ];
    },
  };
  const vCpus: Group = {
    area: "limits",
    check: "box",
    subject: `vCPUs of ${box?.instanceType}`,
    ask: async (clients) => {
      if (box === undefined) return [];
      const quotas = await askQuotas(clients, "ec2", [({ code }) => box.quotaCodes.includes(code)]);
      const quota = box.quotaCodes
        .map((wanted) => quotas.find(({ code }) => code === wanted))
        .find((found) => found !== undefined);
      const { usage, findings } = await usageOf(clients, quota);
      return [judgeBox(box, quota, usage, context), ...findings];
    },
  };
  return [...(needs.length === 0 ? [] : [instances]), ...(box === undefined ? [] : [vCpus])];
}

/** What is in use is only told along with a quota: without it the quota is judged all the same. */
async function usageOf(
  clients: DoctorClients,
  quota: ListedQuota | undefined,
): Promise<{ readonly usage: Usage; readonly findings: readonly Finding[] }> {
  if (quota === undefined) return { usage: { account: undefined }, findings: [] };
  try {
    return { usage: { account: await askUsage(clients, quota) }, findings: [] };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return {
      usage: { account: undefined },
      findings: [about("limits", "use", quota.name).unchecked(error.message)],
    };
  }
}

interface OwnInstances {
  /** By type; absent where it is not known. */
  readonly own: ReadonlyMap<string, number> | undefined;
  readonly findings: readonly Finding[];
}

const unknownInstances: OwnInstances = { own: undefined, findings: [] };

/** What the stack's endpoints run on: without it, others' use is told from the account's only before the first deployment. */
async function ownInstances(clients: DoctorClients, endpointNames: readonly string[]): Promise<OwnInstances> {
  try {
    return { own: await askInstances(clients, endpointNames), findings: [] };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return {
      own: undefined,
      findings: [about("limits", "use", "this stack's endpoints").unchecked(error.message)],
    };
  }
}
