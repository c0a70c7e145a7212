import { permissionSourceAccount } from "../../../policy/lambda/permission-source-account";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule } from "../../support/rule-cases";

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
      title: "a source that is no ARN",
      ...permission({ principal: "events.amazonaws.com", sourceArn: "*" }),
      says: /for every AWS account/,
    },
    {
      title: "Alexa without a skill",
      ...permission({ principal: "alexa-appkit.amazon.com" }),
      says: /for every AWS account/,
    },
  ],
});
