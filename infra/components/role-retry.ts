import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { rolePauseMilliseconds } from "../rules/role-retry";

/**
 * Tries a creation again while AWS does not know its new role everywhere. For what the provider does not repeat by itself: it does so for
 * models, jobs, functions and schedules, and not for notebook instances
 * (https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sagemaker/notebook_instance.go).
 *
 * @param name unique in the program.
 */
export function roleRetry(name: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(name, async ({ failedOperation, errors }) => {
    const milliseconds =
      failedOperation === "create" ? rolePauseMilliseconds(errors, Math.random()) : undefined;
    if (milliseconds === undefined) return false;
    await pause(milliseconds);
    return true;
  });
}
