export interface IdleStopArgs {
  /** Physical name of the notebook instance. */
  readonly notebookName: string;
  readonly region: string;
  /** Minutes without a running kernel or terminal output until the instance stops. */
  readonly idleStopMinutes: number;
}

/** NotebookInstanceLifecycleHook.Content holds at most this many characters, base64 included. */
const maximumContentCharacters = 16_384;

/**
 * The program that stops the notebook: asks Jupyter for the last activity and, when that is too long ago, SageMaker
 * for the stop.
 *
 * - Activity is a busy kernel, a kernel's or a terminal's last output; without any it counts from the start of the
 *   machine, so that a notebook nobody opens stops too.
 * - A Jupyter that does not answer shows no activity: the clock goes on, because a notebook that never stops costs
 *   money every hour, and one that stops can be started again.
 * - It needs nothing from the internet and no package: boto3 where the platform has it, the AWS CLI otherwise. That
 *   the interpreter had no boto3 is why the published sample stopped working on Amazon Linux 2
 *   (amazon-sagemaker-notebook-instance-lifecycle-config-samples, issues 71 and 82).
 * - It writes to jupyter.log, the file that SageMaker ships to CloudWatch Logs.
 */
export function idleStopProgram({ notebookName, region, idleStopMinutes }: IdleStopArgs): string {
  return `import json, ssl, subprocess, time, urllib.request
from datetime import datetime

NOTEBOOK = ${JSON.stringify(notebookName)}
REGION = ${JSON.stringify(region)}
IDLE_SECONDS = ${idleStopMinutes * 60}
JUPYTER = "https://localhost:8443"
LOG = "/var/log/jupyter.log"


def fetch(path):
    # Jupyter's certificate is self-signed; the connection never leaves the machine.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(JUPYTER + path, timeout=20, context=context) as answer:
        return json.load(answer)


def seconds_up():
    with open("/proc/uptime") as uptime:
        return float(uptime.read().split()[0])


def seconds_since(text, now):
    return now - datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def idle_seconds(now):
    idle = [seconds_up()]
    for kernel in fetch("/api/kernels"):
        if kernel["execution_state"] not in ("idle", "dead"):
            return 0
        idle.append(seconds_since(kernel["last_activity"], now))
    for terminal in fetch("/api/terminals"):
        idle.append(seconds_since(terminal["last_activity"], now))
    return min(idle)


def stop():
    try:
        import boto3
    except ImportError:
        command = ["aws", "sagemaker", "stop-notebook-instance", "--region", REGION]
        subprocess.run(command + ["--notebook-instance-name", NOTEBOOK], check=True, timeout=60)
        return
    boto3.client("sagemaker", region_name=REGION).stop_notebook_instance(NotebookInstanceName=NOTEBOOK)


def log(message):
    with open(LOG, "a") as file:
        file.write(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) + " stop-when-idle: " + message + "\\n")


def main():
    try:
        idle = idle_seconds(time.time())
    except Exception as error:
        idle = seconds_up()
        log("Jupyter does not answer, counting from the start of the machine: " + repr(error))
    if idle < IDLE_SECONDS:
        return
    log("idle for %d minutes, stopping %s" % (idle // 60, NOTEBOOK))
    try:
        stop()
    except Exception as error:
        log("could not stop, trying again in five minutes: " + repr(error))
        raise


if __name__ == "__main__":
    main()
`;
}

/**
 * The start script of the notebook, run as root each time it starts, since only /home/ec2-user/SageMaker survives a
 * stop. It ends within a second of the five minutes SageMaker allows; the watching is left to a systemd timer, as
 * Amazon Linux 2023 has no cron.
 *
 * It fails, and with it the start, when the machine has no means to stop itself; the reason is then in the
 * LifecycleConfigOnStart stream of the notebook's logs.
 */
export function notebookStartScript(args: IdleStopArgs): string {
  return `#!/bin/bash
set -euo pipefail
export PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/home/ec2-user/anaconda3/bin"

python=""
for candidate in /usr/bin/python3 /home/ec2-user/anaconda3/bin/python3; do
  if [[ -x "$candidate" ]] && "$candidate" -c "import boto3" 2>/dev/null; then
    python="$candidate"
    break
  fi
done
if [[ -z "$python" ]]; then
  if ! command -v python3 >/dev/null || ! command -v aws >/dev/null; then
    echo "Neither a Python with boto3 nor the AWS CLI is here, so the notebook could not stop itself." >&2
    exit 1
  fi
  python="$(command -v python3)"
fi

install -d -m 755 /usr/local/lib/sagemaker-ops
cat > /usr/local/lib/sagemaker-ops/stop_when_idle.py <<'STOP_WHEN_IDLE'
${idleStopProgram(args)}STOP_WHEN_IDLE

cat > /etc/systemd/system/stop-when-idle.service <<UNIT
[Unit]
Description=Stop this notebook instance when it is idle
[Service]
Type=oneshot
Environment=PATH=$PATH
ExecStart=$python /usr/local/lib/sagemaker-ops/stop_when_idle.py
UNIT

cat > /etc/systemd/system/stop-when-idle.timer <<'UNIT'
[Unit]
Description=Look every five minutes whether this notebook instance is idle
[Timer]
OnActiveSec=5min
OnUnitActiveSec=5min
[Install]
WantedBy=timers.target
UNIT

systemctl daemon-reload
systemctl enable --now stop-when-idle.timer
`;
}

/**
 * A script as a lifecycle configuration takes it, in base64.
 *
 * @throws RangeError when AWS would refuse it for its length.
 */
export function lifecycleContent(script: string): string {
  const content = Buffer.from(script, "utf8").toString("base64");
  if (content.length > maximumContentCharacters) {
    throw new RangeError(
      `the notebook's start script has ${content.length} characters in base64; AWS allows ${maximumContentCharacters}`,
    );
  }
  return content;
}
