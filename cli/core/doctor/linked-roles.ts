import { about, type Finding } from "./finding";
import type { LinkedRole } from "./needs";

/** Whether a role is there that AWS acts with by itself. */
export function judgeLinkedRole({ roleName, service, neededFor }: LinkedRole, exists: boolean): Finding {
  const finding = about("roles", "linked role", roleName);
  return exists
    ? finding.ok("is there")
    : finding.warning(
        `is not there. AWS makes it at the first use, if whoever deploys may iam:CreateServiceLinkedRole for ${service}`,
        `the role, for ${neededFor}`,
        `aws iam create-service-linked-role --aws-service-name ${service}`,
      );
}
