import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { notPublic } from "../../../policy/lambda/not-public";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const PERMISSION = "aws:lambda/permission:Permission";
const URL_TYPE = "aws:lambda/functionUrl:FunctionUrl";

const permission = (props: Record<string, unknown>) => ({
  type: PERMISSION,
  props: { action: "lambda:InvokeFunction", function: "breeds", ...props },
});

describeRule(notPublic, {
  pass: [
    { title: "an account", ...permission({ principal: "123456789012" }) },
    { title: "a service, of which another rule speaks", ...permission({ principal: "s3.amazonaws.com" }) },
    { title: "everybody of an organisation", ...permission({ principal: "*", principalOrgId: "o-a1b2c3" }) },
    { title: "everybody of an account", ...permission({ principal: "*", sourceAccount: "123456789012" }) },
    {
      title: "everybody through one resource",
      ...permission({ principal: "*", sourceArn: "arn:aws:sns:us-east-1:123456789012:calls" }),
    },
    {
      title: "everybody of an organisation, whatever the account will be",
      ...permission({ principal: "*", principalOrgId: "o-a1b2c3", sourceAccount: UNKNOWN_STRING }),
    },
    { title: "a URL for signed requests", type: URL_TYPE, props: { authorizationType: "AWS_IAM" } },
  ],
  violate: [
    {
      title: "everybody",
      ...permission({ principal: "*", functionUrlAuthType: "NONE" }),
      says: /principal is "\*" and nothing bounds it, .* set one of principalOrgId, sourceAccount, sourceArn/,
    },
    ...["*", "arn:*", "arn:aws:s3:::*", "arn:aws:sns:us-east-1:*:*"].map((sourceArn) => ({
      title: `everybody through ${sourceArn}`,
      ...permission({ principal: "*", sourceArn }),
      says: /nothing bounds it/,
    })),
    {
      title: "a URL for everybody",
      type: URL_TYPE,
      props: { authorizationType: "NONE" },
      says: /authorizationType is "NONE", .* only "AWS_IAM" is allowed\. Set it/,
    },
    {
      title: "a URL that does not say for whom",
      type: URL_TYPE,
      props: { functionName: "breeds" },
      says: /authorizationType is not set/,
    },
  ],
});

describe("lambda-not-public and bounds that are unknown", () => {
  it("says which it waits for", async () => {
    const [found] = await diagnose(
      notPublic,
      permission({ principal: "*", sourceArn: "arn:*", sourceAccount: UNKNOWN_STRING }),
    );
    assert.match(found?.message ?? "", /Not decided: sourceAccount is unknown/);
  });
});
