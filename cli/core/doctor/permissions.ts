import type { Place } from "../../../infra/rules/place";
import { consoleUrl } from "../../../infra/rules/place";
import { about, type Finding } from "./finding";

/** A service that the role's policies allow something in. */
export interface ServiceUse {
  /** As actions begin: `s3`. */
  readonly namespace: string;
  /** Last attempt, refused ones among them; absent where there was none in the tracking period. */
  readonly lastUsedAt: Date | undefined;
  /** The last action that IAM keeps track of by itself. */
  readonly lastAction: string | undefined;
}

/** IAM keeps at least so many days. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */
export const trackingPeriodDays = 400;

/** What is told of a role that is younger than the days it is judged by; nothing of an older one. */
export function judgeAge(
  roleName: string,
  createdAt: Date | undefined,
  days: number,
  now: Date,
): Finding | undefined {
  const age = createdAt === undefined ? days : wholeDays(createdAt, now);
  return age >= days
    ? undefined
    : about("roles", "permissions", roleName).unchecked(
        `the role is ${age} days old, and is judged by ${days}: run again later, or give --days`,
      );
}

/** Whether a role has used what it may do. What IAM knows comes up to four hours late. */
export function judgePermissions(
  roleName: string,
  services: readonly ServiceUse[],
  days: number,
  now: Date,
  place: Place,
): Finding {
  const finding = about("roles", "permissions", roleName);
  const unused = services.filter(
    ({ lastUsedAt }) => lastUsedAt === undefined || wholeDays(lastUsedAt, now) >= days,
  );
  if (services.length === 0) return finding.ok("allows no service");
  return unused.length === 0
    ? finding.ok(`used within ${days} days: ${services.map(({ namespace }) => namespace).join(", ")}`)
    : finding.warning(
        `not used for ${days} days: ${unused.map(told).join(", ")}`,
        `none, of ${services.length} services that it allows; IAM looks back ${trackingPeriodDays} days at least`,
        `If it stays so, take it out of infra/iam. What the role did: ${consoleUrl(place, `iam/home#/roles/details/${roleName}?section=access_advisor`)}`,
      );
}

function told({ namespace, lastUsedAt, lastAction }: ServiceUse): string {
  if (lastUsedAt === undefined) return `${namespace} (never)`;
  const since = lastUsedAt.toISOString().slice(0, 10);
  return `${namespace} (last ${since}${lastAction === undefined ? "" : `, ${lastAction}`})`;
}

function wholeDays(date: Date, now: Date): number {
  return Math.floor((now.getTime() - date.getTime()) / 86_400_000);
}
