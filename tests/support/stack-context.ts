import type { StackContext } from "../../infra/components/context";
import { mockAccountId, mockRegion } from "./mocks";

/** A context for component tests: `dev` of the project in us-east-1, deletable unless told otherwise. */
export function stackContext(protect = false): StackContext {
  return {
    naming: { project: "sagemaker-ops", environment: "dev" },
    place: {
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      region: mockRegion,
      accountId: mockAccountId,
    },
    protect,
  };
}
