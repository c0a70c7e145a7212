import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { rolePauseMilliseconds } from "../rules/role-retry";
import { weightsPauseMilliseconds } from "../rules/weights-retry";

/**
 * Tries a creation again while AWS does not know its new role everywhere. For what the provider does not repeat by itself: it does so for
 * models, jobs, functions and schedules, and not for notebook instances
 * (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/notebook_instance.go).
 *
 * @param name unique in the program.
 */
export function roleRetry(name: string): pulumi.ErrorHook {
  return retry(name, ({ failedOperation, errors }) =>
    failedOperation === "create" ? rolePauseMilliseconds(errors, Math.random()) : undefined,
  );
}

/**
 * Tries to set provisioned concurrency again while Lambda moves the alias to another version. Providers since
 * https://github.com/hashicorp/terraform-provider-aws/pull/48116 wait by themselves, and then there is nothing to try again.
 *
 * @param name unique in the program.
 */
export function weightsRetry(name: string): pulumi.ErrorHook {
  return retry(name, ({ errors }) => weightsPauseMilliseconds(errors));
}

function retry(
  name: string,
  pauseMilliseconds: (failure: pulumi.ErrorHookArgs) => number | undefined,
): pulumi.ErrorHook {
  return new pulumi.ErrorHook(name, async (failure) => {
    const milliseconds = pauseMilliseconds(failure);
    if (milliseconds === undefined) return false;
    await pause(milliseconds);
    return true;
  });
}
