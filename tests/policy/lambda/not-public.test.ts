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
    { title: "roles of one account", ...permission({ principal: "arn:aws:iam::123456789012:role/team-*" }) },
    { title: "a service, of which another rule speaks", ...permission({ principal: "s3.amazonaws.com" }) },
    { title: "everybody of an organisation", ...permission({ principal: "*", principalOrgId: "o-a1b2c3" }) },
    { title: "everybody of an account", ...permission({ principal: "*", sourceAccount: "123456789012" }) },
    {
      title: "everybody through one resource",
      ...permission({ principal: "*", sourceArn: "arn:aws:sns:us-east-1:123456789012:calls" }),
    },
    ...[
      "arn:aws:execute-api:us-east-1:123456789012:*/*",
      "arn:aws-us-gov:cloudfront::123456789012:distribution/E1",
      "arn:aws:s3:::uploads",
      "arn:aws:s3:::Old_uploads.2006/*",
    ].map((sourceArn) => ({
      title: `everybody through ${sourceArn}`,
      ...permission({ principal: "*", sourceArn }),
    })),
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
    ...[
      "*",
      "arn:*",
      "arn:aws:s3:::*",
      "arn:aws:s3:::*/*",
      "arn:aws:s3:::up?oads",
      "arn:aws:s3:::uploads*",
      "arn:aws:s3:::*-uploads",
      `arn:aws:s3:::\${aws:userid}`,
      "arn:aws:sns:us-east-1:*:*",
      "arn:aws:execute-api:us-east-1:*:*/*",
      "arn:aws:iam::*:role/x",
      "arn:aws:sns:us-east-1:12345678901?:calls",
      "arn:aws:sns:us-east-1:1234567890123:calls",
      "arn:aws:sns:us-east-1::123456789012:calls",
      "arn:aws:*:*:123456789012:calls",
      "arn:*:sns:us-east-1:123456789012:calls",
    ].map((sourceArn) => ({
      title: `everybody through ${sourceArn}`,
      ...permission({ principal: "*", sourceArn }),
      says: /nothing bounds it/,
    })),
    ...["*", "o-*", "o-a1b2c?", "o-", "xo-a1b2c3"].map((principalOrgId) => ({
      title: `everybody of the organisation ${principalOrgId}`,
      ...permission({ principal: "*", principalOrgId }),
      says: /nothing bounds it/,
    })),
    ...["*", "12345678901*", "1234567890123", ["123456789012"]].map((sourceAccount) => ({
      title: `everybody of ${JSON.stringify(sourceAccount)} as the account`,
      ...permission({ principal: "*", sourceAccount }),
      says: /nothing bounds it/,
    })),
    {
      title: "everybody with blanks around it",
      ...permission({ principal: " * " }),
      says: /principal is " \* " and nothing bounds it/,
    },
    {
      title: "a role of any account",
      ...permission({ principal: "arn:aws:iam::*:role/x" }),
      says: /principal is "arn:aws:iam::\*:role\/x" and nothing bounds it/,
    },
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
