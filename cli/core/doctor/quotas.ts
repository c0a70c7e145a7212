import { consoleUrl } from "../../../infra/rules/place";
import { placeOf } from "../operate/console-pages";
import { about, type Finder, type Finding } from "./finding";
import type { BoxNeed, InstanceNeed } from "./needs";

/** A quota of the account, as Service Quotas tells it. */
export interface Quota {
  readonly serviceCode: string;
  /** `L-DB2E81BA` */
  readonly code: string;
  readonly name: string;
  readonly value: number;
  readonly adjustable: boolean;
  /** AWS's default; the account's own value is not told. */
  readonly isDefault: boolean;
}

export interface QuotaContext {
  readonly region: string;
  /** Whether anything of the stack is there already: where its own use is not known, what is in use may be that. */
  readonly isDeployed: boolean;
}

/** What is in use of a quota. */
export interface Usage {
  /** By the whole account; absent where no metric tells. */
  readonly account: number | undefined;
  /** By this stack, which it has already; absent where it is not known. */
  readonly own?: number | undefined;
}

/** Whether the account may have as many instances of a type as the stack may come to need. */
export function judgeInstances(
  need: InstanceNeed,
  quota: Quota | undefined,
  usage: Usage,
  context: QuotaContext,
): readonly Finding[] {
  const { check, quotaName, instances, declared } = need;
  const finding = about("limits", check, quotaName);
  if (quota === undefined)
    return [
      finding.unchecked(
        "Service Quotas has no quota of this name in this region",
        `Ask AWS Support whether the type is to be had here, or look at ${consoleOf("sagemaker", context.region)}`,
      ),
    ];
  const findings = [judge(finding, quota, usage, instances, worstMoment[check], context)];
  if (declared !== undefined && declared > quota.value)
    findings.push(
      finding.problem(
        `the stack file says ${declared}, and the account has ${quota.value}`,
        `at most ${quota.value} under quotas.hostingInstances`,
        "Correct the number: endpoints are held against it before they are deployed.",
      ),
    );
  return findings;
}

const worstMoment: Readonly<Record<InstanceNeed["check"], string>> = {
  hosting: "all endpoints at their maximum, the largest rollout under way, shadows included",
  training: "all jobs and the parallel trials of tuning at once",
  notebook: "the notebook",
};

/** Whether the account may start the training box. */
export function judgeBox(
  { instanceType, vCpus }: BoxNeed,
  quota: Quota | undefined,
  usage: Usage,
  context: QuotaContext,
): Finding {
  if (quota === undefined)
    return about("limits", "box", `vCPUs of ${instanceType}`).unchecked(
      "Service Quotas does not tell the quota",
      `Look at ${consoleOf("ec2", context.region)}`,
    );
  return judge(about("limits", "box", quota.name), quota, usage, vCpus, `vCPUs of ${instanceType}`, context);
}

function judge(
  finding: Finder,
  quota: Quota,
  usage: Usage,
  needed: number,
  when: string,
  { region, isDeployed }: QuotaContext,
): Finding {
  const { account, own } = usage;
  const ofThem = own === undefined || own === 0 ? "" : `, ${own} of them by this stack`;
  const used = account === undefined ? "" : `, ${account} in use by the whole account${ofThem}`;
  const kind = quota.isDefault ? " (AWS's default; the account's own value is not told)" : "";
  const found = `${quota.value}${kind}${used}; needed: ${needed}`;
  const expected = `at least ${needed}: ${when}`;
  if (quota.value < needed) return finding.problem(found, expected, increase(quota, needed, region));
  // The metric comes late: the stack may have more by now than it tells of the account.
  const others = own === undefined ? account : Math.max(0, (account ?? 0) - own);
  const isKnown = account !== undefined && (own !== undefined || !isDeployed);
  if (isKnown && others !== undefined && quota.value - others < needed)
    return finding.warning(
      found,
      `${needed} that others leave: ${when}`,
      increase(quota, others + needed, region),
    );
  return finding.ok(found);
}

/** What to ask AWS for. */
export function increase(
  { serviceCode, code, adjustable }: Pick<Quota, "serviceCode" | "code" | "adjustable">,
  desired: number,
  region: string,
): string {
  return adjustable
    ? `aws service-quotas request-service-quota-increase --region ${region} --service-code ${serviceCode} --quota-code ${code} --desired-value ${desired} (hours to days), or ask for less in the stack file.`
    : `AWS does not raise this quota (${code}): ask for less in the stack file.`;
}

function consoleOf(serviceCode: string, region: string): string {
  return consoleUrl(placeOf(region), `servicequotas/home/services/${serviceCode}/quotas`);
}
