import { boxSettingsKey, runTrainingScript, trainOnBoxScript } from "./box-scripts";
import { idleShutdownProgram } from "./idle-shutdown";

export interface BoxUserDataArgs {
  readonly region: string;
  readonly outputBucketName: string;
  /** Minutes without activity until the box shuts itself down, as long as it has not read its settings. */
  readonly idleShutdownMinutes: number;
}

/** EC2 takes at most this many bytes, before base64. */
const maximumBytes = 16_384;

/**
 * The script that cloud-init runs as root at the first start, and never again: it installs `train-on-box` and the idle
 * shutdown. It downloads nothing, so it cannot fail half-way on a network, and names no version of the code, so a new
 * one does not change it.
 *
 * @throws RangeError when EC2 would refuse it for its length.
 */
export function boxUserData({ region, outputBucketName, idleShutdownMinutes }: BoxUserDataArgs): string {
  const settingsUri = `s3://${outputBucketName}/${boxSettingsKey}`;
  const script = `#!/bin/bash
set -euo pipefail
id trainer >/dev/null 2>&1 || useradd --system --home-dir /opt/sagemaker-ops --shell /usr/sbin/nologin trainer
install -d -m 755 /usr/local/lib/sagemaker-ops
install -d -m 750 -o trainer -g trainer /opt/sagemaker-ops /opt/sagemaker-ops/code /opt/sagemaker-ops/runs

cat > /usr/local/bin/train-on-box <<'TRAIN_ON_BOX'
${trainOnBoxScript}TRAIN_ON_BOX

cat > /usr/local/lib/sagemaker-ops/run-training <<'RUN_TRAINING'
${runTrainingScript(settingsUri, region)}RUN_TRAINING

cat > /usr/local/lib/sagemaker-ops/shutdown_when_idle.py <<'SHUTDOWN_WHEN_IDLE'
${idleShutdownProgram({ idleMinutes: idleShutdownMinutes, settingsUri })}SHUTDOWN_WHEN_IDLE
chmod 755 /usr/local/bin/train-on-box /usr/local/lib/sagemaker-ops/run-training

cat > /etc/systemd/system/shutdown-when-idle.service <<'UNIT'
[Unit]
Description=Shut this box down when nothing happens on it
[Service]
Type=oneshot
Environment=AWS_DEFAULT_REGION=${region}
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin:/opt/pytorch/bin
ExecStart=/usr/bin/env python3 /usr/local/lib/sagemaker-ops/shutdown_when_idle.py
UNIT

cat > /etc/systemd/system/shutdown-when-idle.timer <<'UNIT'
[Unit]
Description=Look every minute whether this box is idle
[Timer]
OnActiveSec=1min
OnUnitActiveSec=1min
[Install]
WantedBy=timers.target
UNIT

systemctl daemon-reload
systemctl enable --now shutdown-when-idle.timer
`;
  const bytes = Buffer.byteLength(script, "utf8");
  if (bytes > maximumBytes) {
    throw new RangeError(`the training box's user data has ${bytes} bytes; EC2 takes ${maximumBytes}`);
  }
  return script;
}
