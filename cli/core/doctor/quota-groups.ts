import { AwsFailure } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import { askQuotas, askUsage, type ListedQuota } from "./ask-quotas";
import type { DoctorClients } from "./clients";
import { about, type Finding } from "./finding";
import type { Group, GroupContext } from "./group";
import { boxNeed, instanceNeeds } from "./needs";
import { judgeBox, judgeInstances, type QuotaContext } from "./quotas";

/** Quotas of SageMaker's instances and of the training box. */
export function quotaGroups({ declared, deployed, place }: GroupContext): readonly Group[] {
  const needs = instanceNeeds(declared.config);
  const box = boxNeed(declared.config);
  const context: QuotaContext = {
    region: place.region,
    isDeployed: (deployed?.resources?.length ?? 0) > 1 || deployed?.contract !== undefined,
  };
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
      const judged = await inParallel(needs, async (need) => {
        const quota = quotas.find(({ name }) => name === need.quotaName);
        const { usage, findings } = await usageOf(clients, quota);
        return [...judgeInstances(need, quota, usage, context), ...findings];
      });
      return judged.flat();
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
): Promise<{ readonly usage: number | undefined; readonly findings: readonly Finding[] }> {
  if (quota === undefined) return { usage: undefined, findings: [] };
  try {
    return { usage: await askUsage(clients, quota), findings: [] };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return {
      usage: undefined,
      findings: [about("limits", "use", quota.name).unchecked(error.message)],
    };
  }
}
