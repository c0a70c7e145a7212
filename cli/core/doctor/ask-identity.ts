import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { asked } from "../aws/errors";
import type { Identity } from "./account";
import type { DoctorClients } from "./clients";

/** Whose credentials these are; needs no permission. */
export function askIdentity({ sts }: Pick<DoctorClients, "sts">): Promise<Identity> {
  return asked("sts:GetCallerIdentity", async () => {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId: Account, arn: Arn };
  });
}

/** How far this computer's clock is before AWS's, as of the last answer. */
export class ClockComparison {
  /** Seconds; negative where this computer is behind, absent until AWS has answered. */
  aheadSeconds: number | undefined;

  hear(date: string | undefined): void {
    const at = Date.parse(date ?? "");
    if (Number.isFinite(at)) this.aheadSeconds = (Date.now() - at) / 1000;
  }
}
