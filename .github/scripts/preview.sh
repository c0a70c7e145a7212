#!/usr/bin/env bash
# Plans and previews one stack, and has every mandatory policy decide. It changes nothing.
#   preview.sh <stack> <folder>
# The folder gets plan.json, preview.txt, undecided.txt and status.json, from which report.mjs tells what came of it, and
# before.json, the plan with the stack's file of $BASE_COMMIT, where that is given and can be planned.
# ALLOW_UNDECIDED names policies that may be undecided; REFRESH=true reads the cloud first.
# Exit status: 0 nothing forbids `up`; else the first status that does, of plan, preview and `policy undecided`.
set -euo pipefail
stack=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
source "$(dirname "${BASH_SOURCE[0]}")/plain-log.sh"
# npm's own warnings are no part of what Pulumi says.
export npm_config_loglevel=error

sagemaker_ops() { npx --no-install sagemaker-ops "$@"; }

plan=0 preview=0 undecided=null
sagemaker_ops plan --stack "$stack" --json >"$folder/plan.json" || plan=$?

if [[ -n ${BASE_COMMIT:-} ]] && git cat-file -e "$BASE_COMMIT:Pulumi.$stack.yaml" 2>"$folder/before.log"; then
  git show "$BASE_COMMIT:Pulumi.$stack.yaml" >"$folder/before.yaml"
  # Where that file does not suit this program there is no plan, and the report compares no costs.
  sagemaker_ops plan --stack "$stack" --config-file "$folder/before.yaml" --json >"$folder/before.json" ||
    printf 'The plan with the file of %s ended with status %s.\n' "$BASE_COMMIT" "$?"
fi

refresh=()
if [[ ${REFRESH:-false} == true ]]; then refresh=(--refresh); fi
# The CLI knows --event-log only with PULUMI_DEBUG_COMMANDS.
PULUMI_DEBUG_COMMANDS=true sagemaker_ops preview --stack "$stack" -- \
  --diff --non-interactive --color never --event-log "$folder/events.json" "${refresh[@]}" 2>&1 |
  tee "$folder/preview.txt" || preview=${PIPESTATUS[0]}

if ((preview == 0)); then
  allow=()
  read -ra allowed <<<"${ALLOW_UNDECIDED:-}"
  if ((${#allowed[@]} > 0)); then allow=(--allow "${allowed[@]}"); fi
  undecided=0
  sagemaker_ops policy undecided "$folder/events.json" --stack "$stack" "${allow[@]}" 2>&1 |
    tee "$folder/undecided.txt" || undecided=${PIPESTATUS[0]}
fi

printf '{"plan":%s,"preview":%s,"undecided":%s}\n' "$plan" "$preview" "$undecided" >"$folder/status.json"
for status in "$plan" "$preview" "$undecided"; do
  if [[ $status != 0 ]]; then exit "$status"; fi
done
