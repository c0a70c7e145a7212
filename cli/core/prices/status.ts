/** What the exit statuses of `sagemaker-ops prices` mean beside 2, wrong arguments. */
export const pricesStatus = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Refused: an answer that is ambiguous, older or incomplete; or, of `check` and `--check`, prices to be refreshed. */
  refused: 1,
  /** No credentials, no permission, or the Price List API cannot be reached. */
  unreachable: 3,
} as const;
