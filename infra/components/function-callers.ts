import { Policy } from "@pulumi/aws/iam";
import { type Alias, FunctionUrl, Permission } from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionConfig } from "../config/schema/stack";
import { renderPolicy } from "../iam/document";
import { invokePolicy } from "../iam/invoke-function";
import { functionAliasName } from "../rules/naming";
import { foreignCallers } from "../rules/service-callers";
import { withoutStack } from "../rules/without-stack";
import type { StackContext } from "./context";

export interface FunctionCallersArgs {
  readonly context: StackContext;
  readonly functionName: string;
  /** What callers use, never `$LATEST`. */
  readonly alias: Alias;
  readonly config: Extract<FunctionConfig, { kind: "invoke" }>;
  /** Other AWS accounts, 12 digits each, whose callers may invoke the alias. @default [] */
  readonly consumerAccounts?: readonly string[] | undefined;
}

/** Headers that a page may send: those of a signed request, and its correlation id. `lambda/invoke/cors.ts` has the same for gateways. */
const allowedHeaders = [
  "authorization",
  "content-type",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-correlation-id",
];

/** Who may call a function, and how. */
export class FunctionCallers extends pulumi.ComponentResource {
  /** Managed policy that lets a caller invoke the alias, and nothing else. */
  readonly invokePolicyArn: pulumi.Output<string>;
  /** HTTPS address, where one is configured. */
  readonly url: pulumi.Output<string> | undefined;

  constructor(name: string, args: FunctionCallersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:serving:FunctionCallers", name, {}, opts);
    const { context, functionName, config } = args;
    const hasUrl = config.url.kind !== "none";
    requireOwnCallers(args);

    this.url = hasUrl ? this.address(name, args) : undefined;
    this.admitAccounts(name, args, hasUrl);
    this.admitServices(name, args);
    this.invokePolicyArn = new Policy(
      `${name}-invoke`,
      {
        description: `Invoke ${functionName} through its alias ${functionAliasName}`,
        policy: renderPolicy(invokePolicy(context.place, functionName, hasUrl), "managed"),
      },
      { parent: this },
    ).arn;
    this.registerOutputs({ invokePolicyArn: this.invokePolicyArn, url: this.url });
  }

  private address(name: string, { alias, config }: FunctionCallersArgs): pulumi.Output<string> {
    const origins = config.corsOrigins;
    return new FunctionUrl(
      `${name}-url`,
      {
        functionName: alias.functionName,
        qualifier: alias.name,
        authorizationType: "AWS_IAM",
        ...(origins.length === 0
          ? {}
          : {
              cors: {
                allowOrigins: [...origins],
                allowMethods: ["POST"],
                allowHeaders: allowedHeaders,
                exposeHeaders: ["x-model-sha256", "retry-after"],
                maxAge: 3600,
              },
            }),
      },
      { parent: this },
    ).functionUrl;
  }

  /** Other accounts, which then decide who of them may. The principal is the account, so a source account would never be met. */
  private admitAccounts(
    name: string,
    { alias, consumerAccounts = [] }: FunctionCallersArgs,
    hasUrl: boolean,
  ) {
    for (const account of consumerAccounts) {
      const grant = { function: alias.functionName, qualifier: alias.name, principal: account };
      new Permission(
        `${name}-consumer-${account}`,
        { ...grant, statementId: `consumer-${account}`, action: "lambda:InvokeFunction" },
        { parent: this },
      );
      if (!hasUrl) continue;
      new Permission(
        `${name}-consumer-${account}-url`,
        {
          ...grant,
          statementId: `consumer-${account}-url`,
          action: "lambda:InvokeFunctionUrl",
          functionUrlAuthType: "AWS_IAM",
        },
        { parent: this },
      );
    }
  }

  /** AWS services, for one resource each: without the source account, anybody's resource of that name would do. */
  private admitServices(name: string, { context, alias, config }: FunctionCallersArgs) {
    config.serviceCallers.forEach(({ service, sourceArn }, index) => {
      const statementId = `${service}-${index + 1}`;
      new Permission(
        `${name}-${statementId}`,
        {
          statementId,
          function: alias.functionName,
          qualifier: alias.name,
          action: "lambda:InvokeFunction",
          principal: `${service}.amazonaws.com`,
          sourceArn,
          sourceAccount: context.place.accountId,
        },
        { parent: this },
      );
    });
  }
}

/** @throws {pulumi.RunError} That names every resource of another account: a permission for it could never match. */
function requireOwnCallers({ context, functionName, config }: FunctionCallersArgs): void {
  const { accountId } = context.place;
  const foreign = foreignCallers(config.serviceCallers, accountId);
  if (foreign.length === 0) return;
  throw withoutStack(
    new pulumi.RunError(
      `The function ${functionName} is in the account ${accountId}, and its serviceCallers name ${foreign.join(", ")}. ` +
        `Allowed are resources of ${accountId}: name one of them, or let another account's callers in by contract.consumerAccounts.`,
    ),
  );
}
