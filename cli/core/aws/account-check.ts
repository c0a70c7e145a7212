import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Contract } from "../../../infra/outputs";
import { CommandError } from "../exit-status";
import type { AwsClients } from "./clients";
import { asked } from "./errors";
import type { DeclaredStack } from "./stack-config";

/** @throws CommandError where the outputs are of another stack, or of another region, than the stack's file. */
export function requireSameStack(
  { stack, naming: { project, environment }, config }: DeclaredStack,
  contract: Contract | undefined,
): void {
  if (contract === undefined) return;
  if (contract.stack !== `${project}/${environment}`)
    throw new CommandError(
      `The outputs are of ${contract.stack}, and Pulumi.${stack}.yaml declares ${project}/${environment}. Give the outputs of the same stack.`,
    );
  if (contract.region !== config.region)
    throw new CommandError(
      `The stack is deployed in ${contract.region}, and Pulumi.${stack}.yaml says aws:region is ${config.region}. Use the file that it was deployed with.`,
    );
}

/**
 * The caller's account, 12 digits.
 *
 * @param expected account that the stack was deployed to, where it is known.
 * @throws CommandError where the credentials belong to another account: names repeat across accounts.
 */
export async function requireAccount(
  { sts }: Pick<AwsClients, "sts">,
  expected: string | undefined,
): Promise<string> {
  const { Account = "" } = await asked("sts:GetCallerIdentity", () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  if (expected !== undefined && Account !== expected)
    throw new CommandError(
      `These credentials are of the AWS account ${Account}; the stack is deployed in ${expected}. Choose the profile of that account (AWS_PROFILE).`,
    );
  return Account;
}
