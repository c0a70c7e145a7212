import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { asked, askedIfThere } from "../aws/errors";
import { inParallel } from "../aws/in-parallel";
import type { DoctorClients } from "./clients";
import type { Concurrency } from "./concurrency";

/** @param functionNames this stack's, whether they are there or not. */
export async function askConcurrency(
  { lambda }: Pick<DoctorClients, "lambda">,
  functionNames: readonly string[],
): Promise<Concurrency> {
  const { AccountLimit } = await asked("lambda:GetAccountSettings", () =>
    lambda.send(new GetAccountSettingsCommand({})),
  );
  const reserved = await inParallel(functionNames, async (name) => {
    const found = await askedIfThere(
      "lambda:GetFunctionConcurrency",
      () => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name })),
      name,
    );
    return found?.ReservedConcurrentExecutions ?? 0;
  });
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  return {
    limit,
    unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit,
    own: reserved.reduce((sum, one) => sum + one, 0),
  };
}
