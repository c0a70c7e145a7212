import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { AwsClients } from "../aws/clients";
import { asked } from "../aws/errors";

/** ARN of whose credentials are used; of a role that of its session. */
export async function callerOf({ sts }: Pick<AwsClients, "sts">): Promise<string> {
  const { Arn = "unknown" } = await asked("sts:GetCallerIdentity", () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  return Arn;
}
