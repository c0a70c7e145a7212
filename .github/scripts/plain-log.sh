# Sourced by the scripts that print what Pulumi says. The runner obeys lines of a log that look like workflow commands
# (`::error::…`), and values of a program must not be able to write them; until the script ends it obeys none.
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
plain_log_token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '::stop-commands::%s\n' "$plain_log_token"
trap 'printf "::%s::\n" "$plain_log_token"' EXIT
