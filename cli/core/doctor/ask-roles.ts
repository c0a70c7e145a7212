import {
  GenerateServiceLastAccessedDetailsCommand,
  GetRoleCommand,
  GetServiceLastAccessedDetailsCommand,
  type GetServiceLastAccessedDetailsCommandOutput,
  type Role,
} from "@aws-sdk/client-iam";
import { asked, askedIfThere } from "../aws/errors";
import type { DoctorClients } from "./clients";
import type { ServiceUse } from "./permissions";

/** Absent where there is no such role. */
export async function askRole(
  { iam }: Pick<DoctorClients, "iam">,
  roleName: string,
): Promise<Role | undefined> {
  const found = await askedIfThere(
    "iam:GetRole",
    () => iam.send(new GetRoleCommand({ RoleName: roleName })),
    roleName,
  );
  return found?.Role;
}

/** IAM makes a report within seconds. */
const mostLooks = 30;

/**
 * The services that a role's policies allow something in, and when it last asked for something there, by IAM's Access Advisor;
 * absent where the report was not ready after thirty looks.
 */
export async function askServices(
  { iam }: Pick<DoctorClients, "iam">,
  { RoleName: roleName, Arn: arn }: Pick<Role, "RoleName" | "Arn">,
  pollSeconds: number,
): Promise<readonly ServiceUse[] | undefined> {
  const { JobId } = await asked(
    "iam:GenerateServiceLastAccessedDetails",
    () => iam.send(new GenerateServiceLastAccessedDetailsCommand({ Arn: arn, Granularity: "ACTION_LEVEL" })),
    roleName,
  );
  const page = (marker?: string) =>
    asked(
      "iam:GetServiceLastAccessedDetails",
      () =>
        iam.send(
          new GetServiceLastAccessedDetailsCommand({
            JobId,
            ...(marker === undefined ? {} : { Marker: marker }),
          }),
        ),
      roleName,
    );
  let report = await page();
  for (let looks = 1; report.JobStatus !== "COMPLETED"; looks += 1) {
    if (report.JobStatus === "FAILED" || looks === mostLooks) return undefined;
    await new Promise((resolve) => setTimeout(resolve, pollSeconds * 1000));
    report = await page();
  }
  const services = [...servicesOf(report)];
  while (report.IsTruncated === true && report.Marker !== undefined) {
    report = await page(report.Marker);
    services.push(...servicesOf(report));
  }
  return services;
}

function servicesOf({ ServicesLastAccessed = [] }: GetServiceLastAccessedDetailsCommandOutput): ServiceUse[] {
  return ServicesLastAccessed.map((service) => ({
    namespace: service.ServiceNamespace ?? "",
    lastUsedAt: service.LastAuthenticated,
    actions: (service.TrackedActionsLastAccessed ?? []).map(({ ActionName, LastAccessedTime }) => ({
      name: ActionName ?? "",
      lastUsedAt: LastAccessedTime,
    })),
  }));
}
