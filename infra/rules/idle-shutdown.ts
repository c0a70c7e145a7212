import { bootIdFile, finishedMark } from "./box-scripts";

export interface IdleShutdownArgs {
  /** Minutes until the settings have been read for the first time. */
  readonly idleMinutes: number;
  /** S3 URI of the settings, whose `idleShutdownMinutes` counts from then on. */
  readonly settingsUri: string;
}

/**
 * The program that shuts the box down when nothing happens on it: no training, nobody logged in, processor and GPUs
 * below 5 %. It does so at the next look where a training has ended well, else after the configured time. Run every minute by
 * a systemd timer.
 *
 * A shutdown from inside stops the instance (`instanceInitiatedShutdownBehavior`), so the box needs no permission to
 * stop itself.
 */
export function idleShutdownProgram({ idleMinutes, settingsUri }: IdleShutdownArgs): string {
  return `import json, subprocess, time

IDLE_MINUTES = ${idleMinutes}
SETTINGS_URI = "${settingsUri}"
# Seconds between two looks at the settings, each of which starts a program and costs a request.
SETTINGS_SECONDS = 600
BUSY_PERCENT = 5.0
STATE = "/run/shutdown-when-idle.json"
FINISHED = "${finishedMark}"
BOOT_ID = "${bootIdFile}"


def output(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30).stdout.decode()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def processor_times():
    with open("/proc/stat") as stat:
        fields = [int(field) for field in stat.readline().split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def training():
    return output("systemctl", "is-active", "training.service").strip() in ("active", "activating", "deactivating")


def someone_here():
    # Session Manager's shells are no logins; each has a worker process of the agent.
    return output("who").strip() != "" or output("pgrep", "-f", "ssm-session-worker").strip() != ""


def finished():
    # A mark of an earlier start of the box would shut it down under whoever has just started it.
    try:
        with open(FINISHED) as mark, open(BOOT_ID) as boot:
            return mark.read() == boot.read()
    except OSError:
        return False


def configured_minutes():
    try:
        minutes = json.loads(output("aws", "s3", "cp", "--only-show-errors", SETTINGS_URI, "-"))["idleShutdownMinutes"]
    except (ValueError, KeyError, TypeError):
        return None
    return minutes if type(minutes) is int and minutes > 0 else None


def gpu_percent():
    lines = output("nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits").split()
    return max([float(line) for line in lines if line.isdigit()] or [0.0])


def shut_down():
    subprocess.run(["systemctl", "poweroff"], check=True)


def uptime():
    with open("/proc/uptime") as file:
        return float(file.read().split()[0])


def main():
    now = uptime()
    total, waiting = processor_times()
    try:
        with open(STATE) as file:
            before = json.load(file)
    except (OSError, ValueError):
        before = {"total": 0, "waiting": 0, "active": now, "minutes": IDLE_MINUTES, "asked": -SETTINGS_SECONDS}
    elapsed = total - before["total"]
    processor = 100.0 * (1 - (waiting - before["waiting"]) / elapsed) if elapsed > 0 else 0.0
    busy = processor >= BUSY_PERCENT or gpu_percent() >= BUSY_PERCENT or training() or someone_here()
    active = now if busy else before["active"]
    minutes, asked = before["minutes"], before["asked"]
    if now - asked >= SETTINGS_SECONDS:
        minutes, asked = configured_minutes() or minutes, now
    with open(STATE, "w") as file:
        json.dump({"total": total, "waiting": waiting, "active": active, "minutes": minutes, "asked": asked}, file)
    if finished() and not busy:
        print("the training is done, shutting down")
        shut_down()
    elif now - active >= 60 * minutes:
        print("idle for %d minutes, shutting down" % ((now - active) // 60))
        shut_down()


if __name__ == "__main__":
    main()
`;
}
