import { priceTable } from "../../../policy/catalog/price-table";
import { type ClientOptions, closeClients } from "../aws/clients";
import type { DeployedStack } from "../aws/deployed-stack";
import { AwsFailure } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import type { DeclaredStack } from "../aws/stack-config";
import { outageOf } from "../operate/causes";
import { placeOf } from "../operate/console-pages";
import { judgeAccount, judgeClock, judgeCredentials, judgeRegion } from "./account";
import { askIdentity, ClockComparison } from "./ask-identity";
import { toolFindings } from "./ask-tools";
import { doctorClients } from "./clients";
import { judgeCost, judgePrices } from "./costs";
import { judgeAmiPatches, judgeDatesAge, judgeImagePatches } from "./end-of-patch";
import { about, type Finding } from "./finding";
import { findingsOf, groupsOf, skipped } from "./groups";
import { imageNeeds, pricedTypes } from "./needs";

export interface Patient {
  readonly declared: DeclaredStack;
  readonly deployed: DeployedStack | undefined;
  /** Why what is deployed is not known. */
  readonly stateReason: string;
  readonly offline: boolean;
  /** A permission that was not used for so long is told. */
  readonly days: number;
  readonly now: Date;
  readonly env: NodeJS.ProcessEnv;
  readonly clientOptions: ClientOptions | undefined;
  readonly pollSeconds: number;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** Whether AWS said whose credentials these are: without that nothing of the account is known. */
  readonly isAnswered: boolean;
}

/** Looks at everything; what cannot be looked at is among the findings. Nothing is changed. */
export async function examine(patient: Patient): Promise<Examination> {
  const { trainingBox } = patient.declared.config;
  const findings = [...toolFindings(patient.env, trainingBox !== undefined), ...offlineFindings(patient)];
  const { aws, isAnswered } = await accountFindings(patient);
  return { findings: [...findings, ...aws], isAnswered };
}

function offlineFindings({ declared, deployed, stateReason, now, env }: Patient): readonly Finding[] {
  const { config, stack } = declared;
  const { region, trainingBox } = config;
  const contract = deployed?.contract;
  return [
    judgeRegion(region, env),
    judgeDatesAge(now),
    ...imageNeeds(config, placeOf(region)).map((need) => judgeImagePatches(need, now)),
    ...(trainingBox?.ami.kind === "deep-learning" ? [judgeAmiPatches(trainingBox.ami.amiType, now)] : []),
    judgePrices(region, priceTable(region), pricedTypes(config), now),
    contract === undefined
      ? about("costs", "ceiling", "worst month as deployed").unchecked(
          deployed === undefined ? stateReason : "nothing is deployed",
        )
      : judgeCost(contract, config.ceilings.monthlyUsd, stack),
  ];
}

async function accountFindings(
  patient: Patient,
): Promise<{ readonly aws: readonly Finding[]; readonly isAnswered: boolean }> {
  const { declared, deployed, offline, clientOptions } = patient;
  const { region } = declared.config;
  const skip = (accountId: string, reason: string) =>
    groupsOf({ ...patient, place: placeOf(region, accountId) }).map((group) => skipped(group, reason));
  const credentials = about("account", "credentials", "AWS credentials");
  const unknownAccount = (reason: string) => about("account", "account", "AWS account").unchecked(reason);
  if (offline) {
    const reason = "--offline: AWS is not asked";
    const clock = about("account", "clock", "this computer's clock");
    return {
      aws: [
        credentials.unchecked(reason),
        unknownAccount(reason),
        clock.unchecked(reason),
        ...skip("", reason),
      ],
      isAnswered: false,
    };
  }

  const clock = new ClockComparison();
  const clients = doctorClients(region, clientOptions, clock);
  const clockFinding = () => judgeClock(clock.aheadSeconds);
  try {
    const identity = await askIdentity(clients);
    const account = judgeAccount(identity, deployed?.contract?.accountId);
    const known = [judgeCredentials(identity), account, clockFinding()];
    if (account.status === "problem")
      return {
        aws: [...known, ...skip(identity.accountId, "the credentials are of another account than the stack")],
        isAnswered: true,
      };
    const groups = groupsOf({ ...patient, place: placeOf(region, identity.accountId) });
    const asked = await inParallel(groups, (group) => findingsOf(group, clients));
    return { aws: [...known, ...asked.flat()], isAnswered: true };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const [cause = "", ...sentences] = error.message.split(/(?<=\.) /);
    const found = cause.replace(/\.$/, "");
    const next = sentences.join(" ");
    const reason = "AWS did not take the credentials, or was not reached";
    return {
      aws: [
        outageOf(error) === "passing"
          ? credentials.unchecked(found, next)
          : credentials.problem(found, "credentials that AWS takes", next),
        unknownAccount(reason),
        clockFinding(),
        ...skip("", reason),
      ],
      isAnswered: false,
    };
  } finally {
    closeClients({ ...clients });
  }
}
