import { undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { count } from "../settings";
import { quantity } from "../values";

const fields = {
  minimumDays: count(1, "The fewest days for which a log is kept.", { minimum: 1, maximum: 3653 }),
};

/** Over log groups. */
export const retention = resourceRule({
  id: "logs-retention",
  title: "Log groups with an end",
  sentence:
    "Every log group has a retention, so that its logs are neither kept and paid for without end nor gone too soon.",
  severity: "medium",
  level: "mandatory",
  group: "logs",
  remediation: "Set retentionInDays, for instance to 30, and to 90 or more in production.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
  fields,
  reads: { "aws:cloudwatch/logGroup:LogGroup": ["retentionInDays", "logGroupClass"] },
  check: ({ properties: { retentionInDays, logGroupClass } }, { minimumDays }) => {
    // Logs for delivery elsewhere go after two days; AWS takes no other number.
    if (logGroupClass === "DELIVERY") return [];
    const days = quantity(retentionInDays);
    switch (days.kind) {
      case "unknown":
        return [undecided("retentionInDays")];
      case "missing":
        return [
          violation(
            `retentionInDays is not set, so logs are kept and paid for for ever. Set it, for instance to 30.`,
          ),
        ];
      case "invalid":
        return [violation("retentionInDays is no number of days. Set it, for instance to 30.")];
      case "known":
        if (days.value === 0) {
          return [violation("retentionInDays is 0, which means for ever. Set it, for instance to 30.")];
        }
        return days.value >= minimumDays
          ? []
          : [violation(`retentionInDays is ${days.value}; at least ${minimumDays} are required. Raise it.`)];
    }
  },
});
