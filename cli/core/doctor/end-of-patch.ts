import { defaultRegistry } from "../../../infra/config/schema/relations";
import { about, type Finder, type Finding } from "./finding";
import type { ImageNeed } from "./needs";

/**
 * Until when AWS mends security faults in what it publishes. It tells these dates on pages, not by an API, and they are as of `readOn`.
 * Containers: https://github.com/aws/deep-learning-containers, docs/src/data, `eop`, and
 * https://aws.github.io/deep-learning-containers/reference/support_policy. Machine images:
 * https://docs.aws.amazon.com/dlami/latest/devguide/dlami-support-policy-table.html.
 */
const readOn = "2026-11-21";

type Ends = Readonly<Record<string, string>>;

/** Of PyTorch in both. */
const both: Ends = {
  "2.9": "2026-10-15",
  "2.8": "2026-08-06",
  "2.7": "2026-04-23",
  "2.6": "2026-01-29",
  "2.4": "2025-07-24",
  "2.3": "2025-04-24",
  "2.2": "2025-01-30",
  "2.1": "2024-10-04",
  "2.0": "2024-03-15",
  "1.13": "2024-10-28",
};

const inContainers: Ends = {
  ...both,
  "2.14": "2027-09-28",
  "2.13": "2027-07-20",
  "2.12": "2027-07-02",
  "2.11": "2027-04-30",
  "2.10": "2027-01-21",
  "2.5": "2025-10-29",
};

/** Of containers for inference alone, the last with TorchServe. */
const inInference: Ends = { ...inContainers, "2.6": "2026-06-30" };

const inMachineImages: Ends = { ...both, "2.5": "2025-11-24" };

/** Of the operating system in a DLAMI type. */
const systems: Ends = {
  "amazon-linux-2": "2026-06-30",
  "amazon-linux-2023": "2029-06-30",
  "ubuntu-22.04": "2027-04-30",
  "ubuntu-24.04": "2029-04-30",
};

const containerPage = "https://aws.github.io/deep-learning-containers/reference/support_policy";
const machineImagePage = "https://docs.aws.amazon.com/dlami/latest/devguide/dlami-support-policy-table.html";

/** Whether AWS goes on mending a container image. */
export function judgeImagePatches({ image, tag, setting }: ImageNeed, now: Date): Finding {
  const name = `${image.repository}:${tag}`;
  const finding = about("images", "patches", name);
  if (image.registry !== defaultRegistry)
    return finding.unchecked(
      "it is not in the registry of AWS's own images: its owner knows how long it is mended",
    );
  if (tag.startsWith("sha256:"))
    return finding.unchecked("a digest does not tell the version", `Look at ${containerPage}`);
  const [, use, version = ""] = /^pytorch(-\w+)?:(\d+\.\d+)/.exec(name) ?? [];
  const until = endOf(version, use === "-inference" ? inInference : inContainers);
  return until === undefined
    ? finding.unchecked("no end of patch is known for it", `Look at ${containerPage}`)
    : judgeDate(finding, until, now, `Choose a newer tag for ${setting}: ${containerPage}`);
}

/** Whether AWS goes on mending the kind of machine image that the training box starts from: until the earlier of two ends. */
export function judgeAmiPatches(amiType: string, now: Date): Finding {
  const finding = about("images", "patches", amiType);
  const system = endOf(/(?:amazon-linux|ubuntu)-[\d.]+$/.exec(amiType)?.[0] ?? "", systems);
  const version = /pytorch-(\d+\.\d+)/.exec(amiType)?.[1];
  const framework = endOf(version ?? "", inMachineImages);
  const fix = `Choose a newer trainingBox.ami.amiType: ${machineImagePage}`;
  const [until] = [system, framework].filter((date) => date !== undefined).sort();
  const isWhole = system !== undefined && (framework !== undefined || version === undefined);
  // An end that has come is one, whatever the other is.
  if (until !== undefined && (isWhole || daysUntil(until, now) < noticedBeforeDays))
    return judgeDate(finding, until, now, fix);
  const known = system === undefined ? "" : `; of its operating system it is ${system}`;
  return finding.unchecked(
    `no end of patch is known for its framework${known}`,
    `Look at ${machineImagePage}`,
  );
}

/** Of 1.12 it was this day, and of what is older some day before. */
const olderThanListed = "2023-07-01";

function endOf(name: string, ends: Ends): string | undefined {
  if (/^1\.(?:\d|1[0-2])$/.test(name)) return olderThanListed;
  return Object.hasOwn(ends, name) ? ends[name] : undefined;
}

/** AWS adds a version every few months, and may move a date. */
const freshForDays = 90;

/** Whether the dates themselves are old, whatever they are about. */
export function judgeDatesAge(now: Date): Finding {
  const finding = about("images", "dates", "ends of patch");
  const age = Math.floor((now.getTime() - Date.parse(readOn)) / 86_400_000);
  return age <= freshForDays
    ? finding.ok(`read on ${readOn}`)
    : finding.warning(
        `read on ${readOn}, ${age} days ago`,
        `none older than ${freshForDays} days`,
        `Use a newer version of this project, or compare the table in cli/core/doctor/end-of-patch.ts with ${containerPage} and ${machineImagePage}`,
      );
}

/** Long enough to try a newer image out. */
const noticedBeforeDays = 90;

function judgeDate(finding: Finder, until: string, now: Date, fix: string): Finding {
  const days = daysUntil(until, now);
  const source = `as was read on ${readOn}`;
  if (days < 0) {
    const end = until === olderThanListed ? `${until} at the latest` : until;
    return finding.warning(`security faults were mended until ${end}, ${source}`, "a later end", fix);
  }
  const found = `security faults are mended until ${until}, ${source}`;
  return days < noticedBeforeDays
    ? finding.warning(found, `${noticedBeforeDays} days or more to go`, fix)
    : finding.ok(found);
}

function daysUntil(day: string, now: Date): number {
  return Math.floor((Date.parse(`${day}T23:59:59Z`) - now.getTime()) / 86_400_000);
}
