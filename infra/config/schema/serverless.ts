import { z } from "zod";
import { withChecks } from "./fields";

const serverlessMemoryMiB = [1024, 2048, 3072, 4096, 5120, 6144] as const;

export const serverless = withChecks(
  z.strictObject({
    kind: z.literal("serverless"),
    memoryMiB: z.literal(serverlessMemoryMiB).describe("Memory; CPU comes in proportion."),
    maxConcurrency: z.int().min(1).max(200).describe("Requests at once; more are turned away."),
    provisionedConcurrency: z
      .int()
      .min(1)
      .max(200)
      .optional()
      .describe("Kept warm and billed; at most maxConcurrency."),
  }),
  [
    {
      reads: ["maxConcurrency", "provisionedConcurrency"],
      find: ({ maxConcurrency, provisionedConcurrency }) =>
        provisionedConcurrency === undefined || provisionedConcurrency <= maxConcurrency
          ? []
          : [
              {
                path: ["provisionedConcurrency"],
                message: `${provisionedConcurrency} is above maxConcurrency ${maxConcurrency}`,
                allowed: `1 to ${maxConcurrency}`,
              },
            ],
    },
  ],
);
