import { outputPrefixes } from "./naming";
import { trainingProgram } from "./training-spec";

/** What the box must know; kept in S3, so that new code and another idle time reach the box without touching the instance. */
export interface BoxSettings {
  readonly region: string;
  /** SHA-256 of the training package. */
  readonly codeDigest: string;
  /** Entry point of the package. */
  readonly program: string;
  /** S3 URIs that end in a slash. */
  readonly dataUri: string;
  readonly pretrainedUri: string;
  readonly codeUri: string;
  readonly resultsUri: string;
  readonly checkpointsUri: string;
  /** Minutes without activity until the box shuts itself down. */
  readonly idleShutdownMinutes: number;
}

/** Below `code/` in the output bucket, which the box may read. */
export const boxSettingsKey = `${outputPrefixes.code}box.json`;

export interface BoxPlacement {
  readonly region: string;
  readonly codeDigest: string;
  readonly dataBucketName: string;
  readonly outputBucketName: string;
  /** Keys that end in a slash. */
  readonly prefix: string;
  readonly pretrainedPrefix: string;
  readonly idleShutdownMinutes: number;
}

export function boxSettings(placement: BoxPlacement): BoxSettings {
  const { dataBucketName, outputBucketName } = placement;
  return {
    region: placement.region,
    codeDigest: placement.codeDigest,
    program: trainingProgram,
    dataUri: `s3://${dataBucketName}/${placement.prefix}`,
    pretrainedUri: `s3://${dataBucketName}/${placement.pretrainedPrefix}`,
    codeUri: `s3://${outputBucketName}/${outputPrefixes.code}`,
    resultsUri: `s3://${outputBucketName}/${outputPrefixes.box}`,
    checkpointsUri: `s3://${outputBucketName}/${outputPrefixes.checkpoints}box/`,
    idleShutdownMinutes: placement.idleShutdownMinutes,
  };
}

/**
 * Written by a training that has ended well: the id of the boot in which it did. The shutdown program reads it, which runs as
 * root; the training runs as `trainer`, who may not shut the box down. After the next start of the box it means nothing.
 */
export const finishedMark = "/opt/sagemaker-ops/finished";
export const bootIdFile = "/proc/sys/kernel/random/boot_id";

/**
 * `train-on-box [--stay-on] [arguments of the training program]`: starts training as the unit `training.service`, which
 * survives the session it was started from. When it has ended well the box shuts down; a training that failed or was
 * stopped leaves that to the idle shutdown, so that its log can be read where it happened.
 */
export const trainOnBoxScript = `#!/bin/bash
# Usage: sudo train-on-box [--stay-on] [--epochs 20 and other arguments of the training program]
# Once the artifact is uploaded and nobody is logged in, the box shuts down; with --stay-on only when it is idle.
set -euo pipefail
if [[ "$(id -u)" != 0 ]]; then
  echo "train-on-box starts a system service; run it with sudo." >&2
  exit 1
fi
stay_on=no
if [[ "\${1:-}" == --stay-on ]]; then
  stay_on=yes
  shift
fi
systemd-run --quiet --collect --unit=training --uid=trainer --gid=trainer \\
  --property=TimeoutStopSec=110 --setenv=STAY_ON="$stay_on" /usr/local/lib/sagemaker-ops/run-training "$@"
echo "Training runs. Watch it:  journalctl -fu training     Stop it:  sudo systemctl stop training"
if [[ "$stay_on" == no ]]; then echo "The box shuts down when it is done and nobody is logged in."; fi
`;

/**
 * What `training.service` runs: current settings and code, data, training, upload of the artifact, packed to the same bytes
 * as anywhere else, so that its digest names the weights. It can be stopped, or lose its spot instance, at any time and continues from the last checkpoint when started
 * again with the same arguments.
 */
export function runTrainingScript(settingsUri: string, region: string): string {
  return `#!/bin/bash
set -euo pipefail
export PATH="/usr/local/bin:/usr/bin:/bin:/snap/bin:/opt/pytorch/bin" AWS_DEFAULT_REGION=${region}
base=/opt/sagemaker-ops
settings="$base/box.json"
# A stop signals every process of the unit; the log must outlive the program that still has something to say.
exec > >(trap "" TERM; exec tee -a "$base/training.log") 2>&1
rm -f "${finishedMark}"

aws s3 cp --only-show-errors "${settingsUri}" "$settings"
get() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$settings" "$1"; }

digest="$(get codeDigest)"
code="$base/code/$digest"
if [[ ! -d "$code" ]]; then
  fresh="$(mktemp -d "$base/code/.new.XXXXXX")"
  aws s3 cp --only-show-errors "$(get codeUri)$digest/sourcedir.tar.gz" "$fresh/sourcedir.tar.gz"
  gzip -d "$fresh/sourcedir.tar.gz"
  if ! echo "$digest  $fresh/sourcedir.tar" | sha256sum --check --quiet; then
    echo "The code in S3 is not what was deployed ($digest). Run pulumi up again; nothing was started." >&2
    exit 1
  fi
  mkdir "$fresh/source"
  tar -xf "$fresh/sourcedir.tar" -C "$fresh/source"
  mv "$fresh/source" "$code"
  rm -r "$fresh"
fi

# The image's PyTorch, in an environment of its own for what the image lacks.
venv="$base/venv"
if [[ ! -x "$venv/bin/python" ]]; then
  image_python=/opt/pytorch/bin/python
  [[ -x "$image_python" ]] || image_python="$(command -v python3)"
  "$image_python" -m venv "$venv"
  "$image_python" -c 'import site; print("\\n".join(site.getsitepackages()))' \\
    > "$("$venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')/image.pth"
fi
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$code/requirements.txt"; then
  echo "The image lacks packages of requirements.txt and they cannot be installed from here." >&2
  echo "Without internet, choose a Deep Learning AMI that brings them." >&2
  exit 1
fi

aws s3 sync --only-show-errors --delete "$(get dataUri)" "$base/data"
aws s3 sync --only-show-errors --delete "$(get pretrainedUri)" "$base/pretrained"
mkdir -p "$base/checkpoints"
aws s3 sync --only-show-errors "$(get checkpointsUri)" "$base/checkpoints"

run="$(date -u +%Y%m%dT%H%M%SZ)"
out="$base/runs/$run"
mkdir -p "$out/model" "$out/output"
keep_checkpoints() { aws s3 sync --only-show-errors --delete "$base/checkpoints" "$(get checkpointsUri)"; }
trap keep_checkpoints EXIT
# The training program gets the signal too, finishes its step and saves; wait for it instead of dying first.
trap : TERM

gpus="$(nvidia-smi -L 2>/dev/null | wc -l || true)"
launch=("$venv/bin/python")
if (( gpus > 1 )); then launch+=(-m torch.distributed.run --standalone "--nproc_per_node=$gpus"); fi
pretrained=()
if [[ -n "$(ls -A "$base/pretrained" 2>/dev/null)" ]]; then pretrained=(--pretrained "$base/pretrained"); fi
cd "$code"
"\${launch[@]}" "$(get program)" --data "$base/data" "\${pretrained[@]}" --model_dir "$out/model" \\
  --output_dir "$out/output" --checkpoint_dir "$base/checkpoints" "$@"

"$venv/bin/python" -c 'import sys
from pathlib import Path
from breeds.archive import pack
print("Packed: sha256=" + pack(Path(sys.argv[1]), Path(sys.argv[2])))' "$out/model" "$out/model.tar.gz"
aws s3 cp --only-show-errors "$out/model.tar.gz" "$(get resultsUri)$run/output/model.tar.gz"
# A finished run is not continued.
rm -rf "\${base:?}/checkpoints"
mkdir "$base/checkpoints"
keep_checkpoints
trap - EXIT
echo "Done: $(get resultsUri)$run/output/model.tar.gz"
if [[ "\${STAY_ON:-no}" == no ]]; then
  cp ${bootIdFile} "${finishedMark}"
  echo "The box shuts down within a few minutes, unless somebody is logged in."
fi
`;
}
