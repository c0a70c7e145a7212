import { exitStatus } from "../exit-status";

/** Exit statuses of the data commands, beside those that all commands have. */
export const sourceStatus = {
  /** Something is wrong with the data, its source, or what lies in the bucket. */
  refused: exitStatus.violation,
  /** No credentials, no permission, or the source or the bucket cannot be reached. */
  unreachable: exitStatus.missingTool,
} as const;
