/**
 * The program that shuts the box down when nothing happens on it: no training, nobody logged in, processor and GPUs
 * below 5 % for the given time. Run every minute by a systemd timer.
 *
 * A shutdown from inside stops the instance (`instanceInitiatedShutdownBehavior`), so the box needs no permission to
 * stop itself.
 */
export function idleShutdownProgram(idleMinutes: number): string {
  return `import json, subprocess, time

IDLE_SECONDS = ${idleMinutes * 60}
BUSY_PERCENT = 5.0
STATE = "/run/shutdown-when-idle.json"


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
        before = {"total": 0, "waiting": 0, "active": now}
    elapsed = total - before["total"]
    processor = 100.0 * (1 - (waiting - before["waiting"]) / elapsed) if elapsed > 0 else 0.0
    busy = processor >= BUSY_PERCENT or gpu_percent() >= BUSY_PERCENT or training() or someone_here()
    active = now if busy else before["active"]
    with open(STATE, "w") as file:
        json.dump({"total": total, "waiting": waiting, "active": active}, file)
    if now - active >= IDLE_SECONDS:
        print("idle for %d minutes, shutting down" % ((now - active) // 60))
        shut_down()


if __name__ == "__main__":
    main()
`;
}
