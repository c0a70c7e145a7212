import { retention } from "../../../policy/logs/retention";
import { describeRule } from "../../support/rule-cases";

const type = "aws:cloudwatch/logGroup:LogGroup";

describeRule(retention, {
  pass: [
    { title: "a month", type, props: { name: "/aws/lambda/breeds", retentionInDays: 30 } },
    { title: "a month in text", type, props: { retentionInDays: "30" } },
    { title: "exactly the fewest days", type, props: { retentionInDays: 90 }, settings: { minimumDays: 90 } },
    { title: "a group for delivery, which has two days", type, props: { logGroupClass: "DELIVERY" } },
  ],
  violate: [
    {
      title: "0 days, which are all days",
      type,
      props: { retentionInDays: 0 },
      says: /retentionInDays is 0, which means for ever\. Set it, for instance to 30/,
    },
    {
      title: "no retention",
      type,
      props: { name: "/aws/lambda/breeds" },
      says: /retentionInDays is not set/,
    },
    { title: "no number", type, props: { retentionInDays: "a month" }, says: /is no number of days/ },
    { title: "minus one", type, props: { retentionInDays: -1 }, says: /is no number of days/ },
    {
      title: "one day too few",
      type,
      props: { retentionInDays: 89 },
      settings: { minimumDays: 90 },
      says: /retentionInDays is 89; at least 90 are required\. Raise it/,
    },
  ],
});
