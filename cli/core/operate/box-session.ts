import { CommandError } from "../exit-status";
import type { KnownStack } from "./session";

/** Program and arguments that open a shell on the training box. */
export interface BoxSession {
  readonly program: string;
  readonly args: readonly string[];
}

/** EC2's ids: what is put on a command line is checked, wherever it came from. */
const instanceId = /^i-[0-9a-f]{8,17}$/;

/**
 * The AWS CLI's command for a Session Manager session: no key, no open port.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 *
 * @throws CommandError where the stack has no training box.
 */
export function boxSession({ declared, deployed, region, title }: KnownStack): BoxSession {
  const box = deployed.contract?.trainingBox;
  if (box === undefined)
    throw new CommandError(
      declared.config.trainingBox === undefined
        ? `Pulumi.${declared.stack}.yaml declares no trainingBox. Add one, then \`npx sagemaker-ops up\`.`
        : `${title} has no training box yet. Next: npx sagemaker-ops up`,
    );
  if (!instanceId.test(box.instanceId))
    throw new CommandError(
      `The outputs name ${JSON.stringify(box.instanceId)} as the training box; that is no EC2 instance. Run \`npx sagemaker-ops up\`.`,
    );
  return { program: "aws", args: ["ssm", "start-session", "--target", box.instanceId, "--region", region] };
}

/** The command as a person would type it. */
export function commandLine({ program, args }: BoxSession): string {
  return [program, ...args].join(" ");
}
