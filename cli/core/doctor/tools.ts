import type { FoundPython } from "../python/find-python";
import { about, type Finding } from "./finding";

/** The oldest Pulumi CLI that the program is tried with; README names the same. */
export const oldestPulumi = "3.259.0";

/** @param engines what package.json allows: `>=20.19`. */
export function judgeNode(version: string, engines: string): Finding {
  const finding = about("computer", "node", "Node.js");
  const oldest = /^>=\s*(\d+(?:\.\d+)*)$/.exec(engines)?.[1];
  if (oldest === undefined)
    return finding.unchecked(`${version}; package.json allows ${engines}, which is not understood`);
  return isAtLeast(version, oldest)
    ? finding.ok(version)
    : finding.problem(version, `${oldest} or newer`, "Install it: https://nodejs.org/en/download");
}

/** @param printed what `pulumi version` printed; absent where there is no CLI. */
export function judgePulumi(printed: string | undefined): Finding {
  const finding = about("computer", "pulumi", "Pulumi CLI");
  const install = "Install it: https://www.pulumi.com/docs/install/";
  if (printed === undefined)
    return finding.problem("is not on PATH", `${oldestPulumi} or newer, for \`preview\` and \`up\``, install);
  const version = /^v?(\d+\.\d+\.\d+)/.exec(printed.trim())?.[1];
  if (version === undefined) return finding.unchecked("`pulumi version` printed no version");
  return isAtLeast(version, oldestPulumi)
    ? finding.ok(version)
    : finding.problem(version, `${oldestPulumi} or newer`, install);
}

/** @param printed what `git --version` printed; absent where there is no git. */
export function judgeGit(printed: string | undefined): Finding {
  const finding = about("computer", "git", "git");
  const version = /(\d+(?:\.\d+)+)/.exec(printed ?? "")?.[1];
  return version === undefined
    ? finding.warning(
        "is not on PATH",
        "any version: `promote` and `rollback` change the stack file, which is to be reviewed and committed",
        "Install it: https://git-scm.com/downloads",
      )
    : finding.ok(version);
}

const forBox = "`connect box` opens a shell on the training box with it";

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html */
const oldestAwsCli = "1.16.12";

/**
 * @param printed what `aws --version` printed: `aws-cli/2.31.0 Python/3.13.7 …`; absent where there is none.
 */
export function judgeAwsCli(printed: string | undefined): Finding {
  const finding = about("computer", "aws", "AWS CLI");
  const install = "Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";
  const expected = `${oldestAwsCli} or newer: ${forBox}`;
  if (printed === undefined) return finding.warning("is not on PATH", expected, install);
  const version = /^aws-cli\/(\d+(?:\.\d+)+)/.exec(printed.trim())?.[1];
  if (version === undefined) return finding.unchecked("`aws --version` printed no version");
  return isAtLeast(version, oldestAwsCli) ? finding.ok(version) : finding.warning(version, expected, install);
}

/** @param printed what `session-manager-plugin --version` printed; absent where there is none. */
export function judgeSessionPlugin(printed: string | undefined): Finding {
  const finding = about("computer", "session", "Session Manager plugin");
  const version = /(\d+(?:\.\d+)+)/.exec(printed ?? "")?.[1];
  return version === undefined
    ? finding.warning(
        "is not on PATH",
        `any version: ${forBox}`,
        "Install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
      )
    : finding.ok(version);
}

export function judgePython(python: FoundPython): Finding {
  const finding = about("computer", "python", "Python");
  return python.kind === "found"
    ? finding.ok(`${python.version} (${python.path})`)
    : finding.warning(
        python.reason,
        "one that the locked packages are made for: `local` and the model's own code need it",
        "Install it: https://www.python.org/downloads/",
      );
}

/** Compares by numbers: 3.9 is older than 3.10. */
function isAtLeast(version: string, oldest: string): boolean {
  const given = version.replace(/^v/, "").split(".").map(Number);
  const least = oldest.split(".").map(Number);
  const first = least.findIndex((number, at) => number !== (given[at] ?? 0));
  return first === -1 || (given[first] ?? 0) > (least[first] ?? 0);
}
