import { functionAliasName } from "../rules/naming";
import { type Place, regionalArn } from "../rules/place";
import { allow, type PolicyDocument, policyDocument, type Statement } from "./document";

/**
 * Calls one function through its alias, and never `$LATEST` or a bare version, where no concurrency is provisioned.
 *
 * Needed by the callers of the contract.
 *
 * @param hasUrl adds calls over the function's signed HTTPS address. New addresses need both permissions (Lambda
 * Developer Guide, "Control access to Lambda function URLs", since October 2025).
 */
export function invokeFunction(place: Place, functionName: string, hasUrl: boolean): Statement[] {
  const alias = regionalArn(place, "lambda", `function:${functionName}:${functionAliasName}`);
  return [
    allow("InvokeFunction", ["lambda:InvokeFunction"], [alias]),
    ...(hasUrl
      ? [
          allow("InvokeFunctionUrl", ["lambda:InvokeFunctionUrl"], [alias], {
            StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" },
          }),
        ]
      : []),
  ];
}

/** The managed policy of the contract, which other teams attach to their callers. */
export function invokePolicy(place: Place, functionName: string, hasUrl: boolean): PolicyDocument {
  return policyDocument(invokeFunction(place, functionName, hasUrl));
}
