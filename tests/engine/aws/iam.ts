import { isJsonObject, type JsonValue } from "../../../plan/json-value";
import { type Aws, AwsError, type CloudObject, findBy } from "./cloud";
import type { Behaviour } from "./control-plane";

/** How long the provider repeats the creation of most things that take on a role. */
export const propagationTimeoutSeconds = 120;

const usualDelaySeconds = 8;

/** IAM is eventually consistent: a new role, or a changed trust, is not known everywhere at once. */
export const role: Behaviour = {
  create: ({ cloud, faults }, object) => {
    object.live.usableAtSeconds = cloud.clockSeconds + (faults.iamDelaySeconds ?? usualDelaySeconds);
  },
};

export const instanceProfile: Behaviour = {
  create: (aws, object) => {
    const { role: name } = object.properties;
    if (findBy(aws.cloud, "aws:iam/role:Role", "name", name) === undefined)
      throw new AwsError("NoSuchEntity", `The role with name ${String(name)} cannot be found.`);
    role.create?.(aws, object);
  },
};

/** What is attached to a role needs the role. */
export const ofRole: Behaviour = {
  create: ({ cloud }, { properties }) => {
    if (findBy(cloud, "aws:iam/role:Role", "name", properties.role) === undefined)
      throw new AwsError("NoSuchEntity", `The role with name ${String(properties.role)} cannot be found.`);
  },
};

/**
 * A service takes on a role. The provider waits for a role that is not known everywhere yet, and gives up after two minutes,
 * also on a role that does not trust the service: AWS answers both with the same error.
 *
 * @param patienceSeconds 0 for what the provider does not repeat, as notebook instances
 * (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/notebook_instance.go).
 * @throws AwsError that the provider shows when it has given up.
 */
export function assumeRole(
  { cloud }: Aws,
  arn: JsonValue | undefined,
  service: string,
  patienceSeconds = propagationTimeoutSeconds,
): void {
  const found = findBy(cloud, "aws:iam/role:Role", "arn", arn);
  const usableAt = Number(found?.live.usableAtSeconds ?? 0);
  const wait = Math.max(0, usableAt - cloud.clockSeconds);
  const trusted = found !== undefined && trusts(found, `${service}.amazonaws.com`);
  if (trusted && wait <= patienceSeconds) {
    cloud.clockSeconds += wait;
    return;
  }
  cloud.clockSeconds += patienceSeconds;
  throw new AwsError(
    "ValidationException",
    `Could not assume role ${String(arn)}. Please ensure that the role exists and allows principal '${service}.amazonaws.com' to assume the role.`,
  );
}

function trusts({ properties }: CloudObject, principal: string): boolean {
  const document: unknown = JSON.parse(String(properties.assumeRolePolicy));
  const statements = isJsonObject(document) ? document.Statement : undefined;
  return (Array.isArray(statements) ? statements : [statements]).some((statement) => {
    const who = isJsonObject(statement) ? statement.Principal : undefined;
    const services = isJsonObject(who) ? who.Service : undefined;
    return (Array.isArray(services) ? services : [services]).includes(principal);
  });
}
