#!/usr/bin/env bash
# Updates one stack, and ends as `sagemaker-ops up` ends.
#   up.sh <stack>
# REFRESH=true reads the cloud first, as an update after a roll-back by SageMaker needs.
set -euo pipefail
stack=$1
source "$(dirname "${BASH_SOURCE[0]}")/plain-log.sh"

refresh=()
if [[ ${REFRESH:-false} == true ]]; then refresh=(--refresh); fi
npx --no-install sagemaker-ops up --stack "$stack" -- --yes --non-interactive --color never --diff "${refresh[@]}"
