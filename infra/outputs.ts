import { z } from "zod";

/** Version of the contract. Within one, fields are only added; a removal or a change of meaning makes the next. */
export const contractVersion = "1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const usd = z.number().min(0);
const name = z.string().min(1);
const httpsUrl = z.string().startsWith("https://");

/** `arn:aws:sagemaker:us-east-1:123456789012:endpoint/x`, in any partition. */
const arn = z.string().startsWith("arn:");

const endpoint = z
  .object({
    endpointName: name.describe("For InvokeEndpoint; callers of other teams use the function."),
    endpointArn: arn.describe("ARN of the endpoint."),
    modelName: name.describe("Name of the model in the configuration."),
    modelDigest: sha256.describe("SHA-256 of the artifact that answers."),
    logsUrl: httpsUrl.describe("Console page of the containers' logs."),
    functionName: name.optional().describe("Absent, like all about the function, where there is none."),
    functionAliasArn: arn.optional().describe("What callers invoke."),
    functionUrl: httpsUrl.optional().describe("Address for signed HTTPS requests, where one is configured."),
    invokePolicyArn: arn.optional().describe("Managed policy to attach to a caller's role."),
    functionLogsUrl: httpsUrl.optional().describe("Console page of the function's logs."),
  })
  .describe("One endpoint and the function in front of it.");

const pending = z
  .object({
    kind: z.enum(["job", "tuning", "endpoint"]).describe("What it will be."),
    name: name.describe("Name in the configuration."),
    waitsFor: z.string().describe("What is missing."),
    nextCommand: z.string().describe("Command that provides it."),
  })
  .describe("Something configured that is not deployed yet.");

const contractSchema = z
  .object({
    contractVersion: z.literal(contractVersion).describe("Version of the contract; read it first."),
    stack: name.describe("`<project>/<environment>`."),
    region: name.describe("AWS region of everything below."),
    accountId: z
      .string()
      .regex(/^\d{12}$/)
      .optional()
      .describe("AWS account, 12 digits."),
    endpoints: z.record(z.string(), endpoint).describe("By their name in the configuration."),
    buckets: z
      .object({
        data: name.describe("Images."),
        output: name.describe("What jobs and endpoints write."),
        models: name.describe("Promoted models."),
      })
      .describe("Names of the buckets."),
    dashboardUrl: httpsUrl.describe("Console page of the stack's dashboard."),
    cost: z
      .object({
        currency: z.literal("USD").describe("Currency of the amounts."),
        monthlyUsd: usd.describe("Under the plan's stated assumptions, on demand."),
        worstMonthlyUsd: usd.describe("Everything at its largest size, around the clock."),
        ceilingMonthlyUsd: usd.describe("What the configuration allows for the worst month."),
        unpricedCount: z
          .int()
          .min(0)
          .describe("Costs without a known rate; above 0 the amounts are lower bounds."),
      })
      .describe("As the plan and the policy pack estimate it; not what AWS bills."),
    trainingBox: z
      .object({
        instanceId: name.describe("EC2 instance."),
        amiPinned: name.describe("Image that the instance runs."),
        amiLatest: name.describe(
          "Newest image of the same kind; another one than the pinned is worth a look.",
        ),
      })
      .optional()
      .describe("The EC2 instance for development, where there is one."),
    notebook: z
      .object({
        name: name.describe("Name of the notebook instance."),
        url: z.string().describe("Its host name, without `https://`."),
      })
      .optional()
      .describe("The notebook instance, where there is one."),
    models: z
      .record(
        z.string(),
        z
          .object({
            modelPackageGroupName: name.describe(
              "Group of SageMaker's model registry that has its promoted artifacts as versions.",
            ),
          })
          .describe("One model with a group of the model registry."),
      )
      .optional()
      .describe("By their name in the configuration; only those with a group of the model registry."),
    jobs: z
      .record(
        z.string(),
        z
          .object({
            jobName: name.describe("Name in SageMaker."),
            arn: arn.optional().describe("ARN of the job."),
          })
          .describe("One training or tuning job."),
      )
      .describe("By their name in the configuration."),
    pending: z.array(pending).describe("What is configured and not deployed yet."),
  })
  .describe("What other teams may rely on. Nothing in it is secret.");

/** Outputs of a stack, for other teams: by StackReference, by SSM parameter, or by hand. */
export type Contract = z.output<typeof contractSchema>;
export type ContractEndpoint = Contract["endpoints"][string];

/**
 * Reads a contract that came from outside; fields added since are dropped.
 *
 * @throws Error that names every field that is missing or wrong.
 */
export function parseContract(value: unknown): Contract {
  const result = contractSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? "(root)" : path.join(".")}: ${message}`,
  );
  throw new Error(`This is no outputs contract of version ${contractVersion}. ${problems.join("; ")}.`);
}

/** JSON Schema (2020-12) of the contract, open to fields that later versions of the program add. */
export function contractJsonSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Outputs contract, version ${contractVersion}`,
    ...z.toJSONSchema(contractSchema, { io: "input", target: "draft-2020-12" }),
  };
}

/** Characters that a parameter of SSM's standard tier, which is free, holds. */
const standardTierBytes = 4096;

/**
 * Text of the parameter with the whole contract. One that is too long for the standard tier is replaced by a pointer to the
 * parameters per endpoint, which say what consumers need.
 */
export function contractParameter(contract: Contract, prefix: string): string {
  const whole = JSON.stringify(contract);
  if (Buffer.byteLength(whole) <= standardTierBytes) return whole;
  const { stack, region } = contract;
  return JSON.stringify({ contractVersion, stack, region, endpointsPath: endpointsPath(prefix) });
}

/** Text of the parameter of one endpoint; complete in itself. */
export function endpointParameter(
  { stack, region, endpoints }: Pick<Contract, "stack" | "region" | "endpoints">,
  endpointName: string,
): string {
  const entry = endpoints[endpointName];
  if (entry === undefined) {
    throw new Error(
      `The contract has no endpoint "${endpointName}"; it has ${Object.keys(endpoints).join(", ") || "none"}.`,
    );
  }
  return JSON.stringify({ contractVersion, stack, region, ...entry });
}

/** Path below which there is one parameter per endpoint. */
export function endpointsPath(prefix: string): string {
  return `${prefix}/endpoints`;
}
