#!/usr/bin/env bash
# Tells which stacks a run is about, as a JSON array: on standard output, and as `stacks` in $GITHUB_OUTPUT.
#   stacks.sh all               every stack that is set up
#   stacks.sh one <stack>       that one; status 2 where it is not set up
#   stacks.sh changed <commit>  those whose plan can differ between that commit and HEAD
# STACKS holds the names of the stacks that are set up, with spaces between them.
set -euo pipefail

fail() {
  printf '%s\n' "$1" >&2
  exit 2
}

read -ra set_up <<<"${STACKS:-}"
for stack in "${set_up[@]}"; do
  [[ $stack =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] ||
    fail "The variable SAGEMAKER_OPS_STACKS names stacks with a space between them, in letters, digits, - and _: dev staging prod."
  [[ -f Pulumi.$stack.yaml ]] || fail "SAGEMAKER_OPS_STACKS names the stack $stack, and there is no Pulumi.$stack.yaml."
done

is_set_up() {
  local stack
  for stack in "${set_up[@]}"; do [[ $stack == "$1" ]] && return 0; done
  return 1
}

# Anything that is not known to be without effect can change every plan: sources, dependencies, these workflows.
changed_since() {
  local base=$1 list path stack everything=false
  local -A touched=()
  list=$(mktemp)
  git diff --name-only --no-renames -z "$base" HEAD -- >"$list"
  while IFS= read -r -d '' path; do
    case $path in
      Pulumi.*.yaml)
        stack=${path#Pulumi.}
        touched[${stack%.yaml}]=yes
        ;;
      docs/* | tests/* | bench/* | examples/* | README.md | CHANGELOG.md | CONTRIBUTING.md | LICENSE) ;;
      *) everything=true ;;
    esac
  done <"$list"
  rm "$list"
  for stack in "${set_up[@]}"; do
    if $everything || [[ -n ${touched[$stack]:-} ]]; then chosen+=("$stack"); fi
  done
}

chosen=()
case ${1:-} in
  all) chosen=("${set_up[@]}") ;;
  one)
    is_set_up "$2" || fail "The stack is not set up. SAGEMAKER_OPS_STACKS names: ${STACKS:-none}."
    chosen=("$2")
    ;;
  changed)
    # The first push of a branch has no commit before it.
    if [[ $2 =~ ^0+$ ]]; then chosen=("${set_up[@]}"); else changed_since "$2"; fi
    ;;
  *) fail "stacks.sh all | one <stack> | changed <commit>" ;;
esac

json=''
for stack in "${chosen[@]}"; do json+="${json:+,}\"$stack\""; done
printf '[%s]\n' "$json"
if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf 'stacks=[%s]\n' "$json" >>"$GITHUB_OUTPUT"; fi
