import { durationText } from "../operate/duration";
import { about, type Finding } from "./finding";

/** Whose credentials they are. */
export interface Identity {
  /** 12 digits. */
  readonly accountId: string;
  readonly arn: string;
}

export function judgeCredentials({ arn }: Identity): Finding {
  const finding = about("account", "credentials", "AWS credentials");
  return arn.endsWith(":root")
    ? finding.warning(
        arn,
        "a role or user: the root user can be held back by no policy",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
      )
    : finding.ok(arn);
}

/** @param deployedIn the account of the stack's outputs; absent where nothing is deployed, or not known. */
export function judgeAccount({ accountId }: Identity, deployedIn: string | undefined): Finding {
  const finding = about("account", "account", "AWS account");
  if (deployedIn === undefined) return finding.ok(`${accountId}; no outputs of the stack to compare it with`);
  return accountId === deployedIn
    ? finding.ok(`${accountId}, where the stack is deployed`)
    : finding.problem(
        accountId,
        `${deployedIn}, where the stack is deployed`,
        "Choose the profile of that account (AWS_PROFILE).",
      );
}

/** Commands of this project take the region from the stack file; other tools take it from the environment. */
export function judgeRegion(region: string, env: Readonly<Record<string, string | undefined>>): Finding {
  const finding = about("account", "region", "aws:region");
  const [name, value] = (["AWS_REGION", "AWS_DEFAULT_REGION"] as const)
    .map((key) => [key, env[key] ?? ""] as const)
    .find(([, set]) => set !== "") ?? ["", region];
  return value === region
    ? finding.ok(region)
    : finding.warning(
        `${region}, and ${name} is ${value}`,
        `${name} ${region}, or unset: the aws command would look elsewhere`,
        `export ${name}=${region}`,
      );
}

/** AWS takes a signature for five minutes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const refusedPastSeconds = 300;
const noticedPastSeconds = 60;

/** @param aheadSeconds how far this computer's clock is before AWS's, negative where it is behind; absent where AWS did not answer. */
export function judgeClock(aheadSeconds: number | undefined): Finding {
  const finding = about("account", "clock", "this computer's clock");
  if (aheadSeconds === undefined) return finding.unchecked("AWS did not answer");
  const off = Math.abs(Math.round(aheadSeconds));
  const said = `${durationText(off)} ${aheadSeconds < 0 ? "behind" : "ahead of"} AWS's`;
  const fix = "Let the system set the clock: `timedatectl set-ntp true`, or the settings of the system.";
  if (off > refusedPastSeconds)
    return finding.problem(said, `within ${refusedPastSeconds} s: AWS refuses requests beyond`, fix);
  return off > noticedPastSeconds
    ? finding.warning(said, `within ${noticedPastSeconds} s`, fix)
    : finding.ok(off < 2 ? "as AWS's" : said);
}
