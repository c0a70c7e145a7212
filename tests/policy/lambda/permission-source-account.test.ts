import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { permissionSourceAccount } from "../../../policy/lambda/permission-source-account";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const permission = (props: Record<string, unknown>) => ({ type: "aws:lambda/permission:Permission", props });
const bucketArn = "arn:aws:s3:::uploads";

describeRule(permissionSourceAccount, {
  pass: [
    {
      title: "a topic of one account",
      ...permission({
        principal: "sns.amazonaws.com",
        sourceArn: "arn:aws:sns:us-east-1:123456789012:calls",
      }),
    },
    {
      title: "a bucket of one account",
      ...permission({ principal: "s3.amazonaws.com", sourceArn: bucketArn, sourceAccount: "123456789012" }),
    },
    {
      title: "an organisation",
      ...permission({ principal: "events.amazonaws.com.cn", principalOrgId: "o-a1b2c3" }),
    },
    {
      title: "one account, whatever the resource will be",
      ...permission({
        principal: "s3.amazonaws.com",
        sourceArn: UNKNOWN_STRING,
        sourceAccount: "123456789012",
      }),
    },
    {
      title: "a skill of Alexa's",
      ...permission({ principal: "alexa-appkit.amazon.com", eventSourceToken: "amzn1.ask.skill.1" }),
    },
    { title: "an account, which is no service", ...permission({ principal: "123456789012" }) },
    { title: "everybody, of whom another rule speaks", ...permission({ principal: "*" }) },
  ],
  violate: [
    {
      title: "a bucket that anybody may own one day",
      ...permission({ principal: "s3.amazonaws.com", sourceArn: bucketArn }),
      says: /sourceArn names no account, .* Set sourceAccount as well/,
    },
    {
      title: "a service for everybody",
      ...permission({ principal: "events.amazonaws.com" }),
      says: /events\.amazonaws\.com may call the function for every AWS account\. Set sourceArn/,
    },
    {
      title: "a rule of any account",
      ...permission({
        principal: "events.amazonaws.com",
        sourceArn: "arn:aws:events:us-east-1:*:rule/night",
      }),
      says: /names no account/,
    },
    {
      title: "an interface of any account",
      ...permission({
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:us-east-1:*:*/*",
      }),
      says: /names no account/,
    },
    {
      title: "an account after a wildcard, which takes in colons",
      ...permission({ principal: "events.amazonaws.com", sourceArn: "arn:aws:*:*:123456789012:rule/night" }),
      says: /names no account/,
    },
    ...["*", "12345678901?", "1234567890123", ["123456789012"]].map((sourceAccount) => ({
      title: `a bucket of ${JSON.stringify(sourceAccount)} as the account`,
      ...permission({ principal: "s3.amazonaws.com", sourceArn: bucketArn, sourceAccount }),
      says: /names no account/,
    })),
    {
      title: "a service with every account",
      ...permission({ principal: "s3.amazonaws.com", sourceAccount: "*" }),
      says: /s3\.amazonaws\.com may call the function for every AWS account/,
    },
    {
      title: "a service with every organisation",
      ...permission({ principal: "events.amazonaws.com", principalOrgId: "o-*" }),
      says: /for every AWS account/,
    },
    {
      title: "a service in capitals",
      ...permission({ principal: "Events.AmazonAWS.com" }),
      says: /Events\.AmazonAWS\.com may call the function for every AWS account/,
    },
    {
      title: "a service of another partition",
      ...permission({ principal: "logs.us-iso-east-1.c2s.ic.gov" }),
      says: /for every AWS account/,
    },
    {
      title: "a source that is no ARN",
      ...permission({ principal: "events.amazonaws.com", sourceArn: "*" }),
      says: /for every AWS account/,
    },
    {
      title: "Alexa without a skill",
      ...permission({ principal: "alexa-appkit.amazon.com" }),
      says: /for every AWS account/,
    },
    {
      title: "Alexa with every skill",
      ...permission({ principal: "alexa-appkit.amazon.com", eventSourceToken: "*" }),
      says: /for every AWS account/,
    },
  ],
});

describe("lambda-permission-source-account and bounds that are unknown", () => {
  for (const [principal, bound] of [
    ["alexa-appkit.amazon.com", "eventSourceToken"],
    ["s3.amazonaws.com", "sourceAccount"],
    ["events.amazonaws.com", "principalOrgId"],
  ] as const) {
    it(`waits for the ${bound} of ${principal}`, async () => {
      const [found, ...others] = await diagnose(
        permissionSourceAccount,
        permission({ principal, [bound]: UNKNOWN_STRING }),
      );

      assert.deepEqual(others, []);
      assert.match(found?.message ?? "", new RegExp(`Not decided: ${bound} is unknown`));
    });
  }

  it("does not wait for a token that only Alexa sends", async () => {
    const [found] = await diagnose(
      permissionSourceAccount,
      permission({ principal: "events.amazonaws.com", eventSourceToken: UNKNOWN_STRING }),
    );
    assert.match(found?.message ?? "", /for every AWS account/);
  });
});
