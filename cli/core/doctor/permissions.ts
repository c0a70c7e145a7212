import type { Place } from "../../../infra/rules/place";
import { consoleUrl } from "../../../infra/rules/place";
import { about, type Finding } from "./finding";

/** A service that the role's policies allow something in. */
export interface ServiceUse {
  /** As actions begin: `s3`. */
  readonly namespace: string;
  /** Last attempt, refused ones among them; absent where there was none in the tracking period. */
  readonly lastUsedAt: Date | undefined;
  /** Those of its actions that IAM keeps track of by themselves, allowed or not. */
  readonly actions: readonly {
    /** `PutObject` */
    readonly name: string;
    /** As that of the service. */
    readonly lastUsedAt: Date | undefined;
  }[];
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

/**
 * Whether a role has used what it may do. What IAM knows comes up to four hours late.
 *
 * @param allowed actions that its own policy allows, as they are written there: `s3:Get*`. Of the others none is told.
 */
export function judgePermissions(
  roleName: string,
  services: readonly ServiceUse[],
  allowed: readonly string[],
  days: number,
  now: Date,
  place: Place,
): Finding {
  const finding = about("roles", "permissions", roleName);
  const isUnused = ({ lastUsedAt }: { readonly lastUsedAt: Date | undefined }) =>
    lastUsedAt === undefined || wholeDays(lastUsedAt, now) >= days;
  const patterns = allowed.map(patternOf);
  const unused = [
    ...services.filter(isUnused).map(told),
    ...services
      .filter((service) => !isUnused(service))
      .flatMap(({ namespace, actions }) =>
        actions
          .filter(isUnused)
          .map(({ name, lastUsedAt }) => ({ action: `${namespace}:${name}`, lastUsedAt }))
          .filter(({ action }) => patterns.some((pattern) => pattern.test(action)))
          .map(({ action, lastUsedAt }) => `${action} (${last(lastUsedAt)})`),
      ),
  ];
  if (services.length === 0) return finding.ok("allows no service");
  return unused.length === 0
    ? finding.ok(`used within ${days} days: ${services.map(({ namespace }) => namespace).join(", ")}`)
    : finding.warning(
        `not used for ${days} days: ${unused.join(", ")}`,
        `none, of ${services.length} services that it allows; IAM looks back ${trackingPeriodDays} days at least`,
        `If it stays so, take it out of infra/iam. What the role did: ${consoleUrl(place, `iam/home#/roles/details/${roleName}?section=access_advisor`)}`,
      );
}

function told({ namespace, lastUsedAt, actions }: ServiceUse): string {
  const [newest] = actions
    .filter((action) => action.lastUsedAt !== undefined)
    .toSorted((a, b) => (b.lastUsedAt?.getTime() ?? 0) - (a.lastUsedAt?.getTime() ?? 0));
  const action = lastUsedAt === undefined || newest === undefined ? "" : `, ${newest.name}`;
  return `${namespace} (${last(lastUsedAt)}${action})`;
}

function last(usedAt: Date | undefined): string {
  return usedAt === undefined ? "never" : `last ${usedAt.toISOString().slice(0, 10)}`;
}

/** Actions are compared without regard to case. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function patternOf(action: string): RegExp {
  const literal = action.replace(/[^\w*?]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function wholeDays(date: Date, now: Date): number {
  return Math.floor((now.getTime() - date.getTime()) / 86_400_000);
}
