import { kms } from "../../../policy/logs/kms";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule } from "../../support/rule-cases";

const type = "aws:cloudwatch/logGroup:LogGroup";

describeRule(kms, {
  pass: [
    { title: "a key", type, props: { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" } },
    { title: "a key that is not created yet", type, props: { kmsKeyId: UNKNOWN_STRING } },
  ],
  violate: [
    {
      title: "no key",
      type,
      props: { name: "/aws/lambda/breeds" },
      says: /kmsKeyId is not set, .* Set kmsKeyId/,
    },
    { title: "an empty key", type, props: { name: "group", kmsKeyId: "" }, says: /kmsKeyId is not set/ },
  ],
});
