#!/usr/bin/env bash
# Compares one stack with the cloud. It changes nothing.
#   drift.sh <stack> <folder>
# The folder gets preview.txt, what Pulumi said, and result.txt: none, drift or failed.
# Exit status: 0 compared, with or without drift; else the status of the preview that failed.
set -euo pipefail
stack=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
source "$(dirname "${BASH_SOURCE[0]}")/plain-log.sh"
# npm's own warnings are no part of what Pulumi says.
export npm_config_loglevel=error

status=0
npx --no-install sagemaker-ops preview --stack "$stack" -- \
  --refresh --expect-no-changes --diff --non-interactive --color never 2>&1 |
  tee "$folder/preview.txt" || status=${PIPESTATUS[0]}

case $status in
  0) result=none ;;
  # Of Pulumi's statuses, this one says that changes were proposed and none was expected.
  7) result=drift status=0 ;;
  *) result=failed ;;
esac
printf '%s\n' "$result" >"$folder/result.txt"
exit "$status"
