import { amiParameterName } from "../../../infra/rules/box-image";
import type { StateResource } from "../aws/deployed-stack";
import { AwsFailure } from "../aws/errors";
import { askAmis, askImage, askNewestAmi } from "./ask-images";
import { askConcurrency } from "./ask-lambda";
import { askRole, askServices } from "./ask-roles";
import { askTagged } from "./ask-tagged";
import type { DoctorClients } from "./clients";
import { judgeConcurrency } from "./concurrency";
import { about, type Finding } from "./finding";
import type { Group, GroupContext } from "./group";
import { judgeAmi, judgeImage, judgePinnedAmi } from "./image-availability";
import { judgeLeftovers } from "./leftovers";
import { judgeLinkedRole } from "./linked-roles";
import { concurrencyNeed, imageNeeds, linkedRoles } from "./needs";
import { judgeAge, judgePermissions } from "./permissions";
import { quotaGroups } from "./quota-groups";

/** Everything that is asked of AWS about a stack; only what the stack has. */
export function groupsOf(context: GroupContext): readonly Group[] {
  return [
    ...quotaGroups(context),
    ...concurrencyGroup(context),
    ...linkedRoleGroups(context),
    ...imageGroups(context),
    ...permissionGroups(context),
    leftoverGroup(context),
  ];
}

/** What becomes of a group whose service refuses, or is not reached: nothing else is affected. */
export async function findingsOf(
  { area, check, subject, ask }: Group,
  clients: DoctorClients,
): Promise<readonly Finding[]> {
  try {
    return await ask(clients);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return [about(area, check, subject).unchecked(error.message)];
  }
}

export function skipped({ area, check, subject }: Group, reason: string): Finding {
  return about(area, check, subject).unchecked(reason);
}

function concurrencyGroup({ declared, place }: GroupContext): readonly Group[] {
  const need = concurrencyNeed(declared.config, declared.naming);
  if (need === undefined) return [];
  return [
    {
      area: "limits",
      check: "concurrency",
      subject: "Lambda executions at once",
      ask: async (clients) =>
        judgeConcurrency(need, await askConcurrency(clients, need.functionNames), place.region),
    },
  ];
}

function linkedRoleGroups({ declared }: GroupContext): readonly Group[] {
  return linkedRoles(declared.config).map((role) => ({
    area: "roles",
    check: "linked role",
    subject: role.roleName,
    ask: async (clients) => [judgeLinkedRole(role, (await askRole(clients, role.roleName)) !== undefined)],
  }));
}

function imageGroups({ declared, deployed, place, now }: GroupContext): readonly Group[] {
  const containers = imageNeeds(declared.config, place).map(
    (need): Group => ({
      area: "images",
      check: "image",
      subject: need.setting,
      ask: async (clients) => [judgeImage(need, await askImage(clients, need), now)],
    }),
  );
  const box = declared.config.trainingBox;
  if (box === undefined) return containers;
  const { ami } = box;
  const source =
    ami.kind === "id" ? "trainingBox.ami.amiId" : amiParameterName(box.instanceType, ami.amiType);
  const pinned = deployed?.contract?.trainingBox?.amiPinned;
  return [
    ...containers,
    {
      area: "images",
      check: "ami",
      subject: source,
      ask: async (clients) => {
        const newest = ami.kind === "id" ? ami.amiId : await askNewestAmi(clients, source);
        const ids = [newest, pinned].filter((id) => id !== undefined);
        const found = ids.length === 0 ? [] : await askAmis(clients, [...new Set(ids)]);
        const byId = (id: string | undefined) => found.find((one) => one.id === id);
        return [
          judgeAmi(source, newest, byId(newest), now),
          ...(pinned === undefined || pinned === newest ? [] : [judgePinnedAmi(pinned, byId(pinned), now)]),
        ];
      },
    },
  ];
}

function permissionGroups(context: GroupContext): readonly Group[] {
  const { deployed, stateReason, days, now, place, pollSeconds } = context;
  const resources = deployed?.resources;
  const group = (subject: string, ask: Group["ask"]): Group => ({
    area: "roles",
    check: "permissions",
    subject,
    ask,
  });
  if (resources === undefined)
    return [
      group("roles of the stack", async () => [
        about("roles", "permissions", "roles of the stack").unchecked(stateReason),
      ]),
    ];
  return roleNames(resources).map((roleName) =>
    group(roleName, async (clients) => {
      const finding = about("roles", "permissions", roleName);
      const role = await askRole(clients, roleName);
      if (role === undefined)
        return [
          finding.problem(
            "is in the state and not in the account",
            "the role",
            `npx sagemaker-ops up --stack ${context.declared.stack} -- --refresh`,
          ),
        ];
      const tooYoung = judgeAge(roleName, role.CreateDate, days, now);
      if (tooYoung !== undefined) return [tooYoung];
      const services = await askServices(clients, role, pollSeconds);
      return [
        services === undefined
          ? finding.unchecked("IAM has not finished its report: run the command again")
          : judgePermissions(roleName, services, allowedTo(roleName, resources), days, now, place),
      ];
    }),
  );
}

function allowedTo(roleName: string, resources: readonly StateResource[]): readonly string[] {
  return resources.flatMap(({ allows, replaced }) =>
    allows?.roleName === roleName && !replaced ? allows.actions : [],
  );
}

function roleNames(resources: readonly StateResource[]): readonly string[] {
  return resources
    .filter(({ type, replaced }) => type === "aws:iam/role:Role" && !replaced)
    .map(({ id }) => id)
    .sort();
}

function leftoverGroup({ declared, deployed, stateReason, place }: GroupContext): Group {
  const subject = `${declared.naming.project}/${declared.naming.environment}`;
  const resources = deployed?.resources;
  return {
    area: "leftovers",
    check: "tagged",
    subject,
    ask: async (clients) =>
      resources === undefined
        ? [about("leftovers", "tagged", subject).unchecked(stateReason)]
        : judgeLeftovers(await askTagged(clients), resources, {
            stack: declared.stack,
            ...declared.naming,
            otherEnvironments: declared.otherEnvironments,
            region: place.region,
          }),
  };
}
