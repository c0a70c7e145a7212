import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSpec } from "../rules/alarms";

/** An alarm of the rules as the provider takes it; `topicArn`, where there is one, hears of trouble and of its end. */
export function alarmArgs(spec: AlarmSpec, topicArn: pulumi.Input<string> | undefined): MetricAlarmArgs {
  return {
    name: spec.name,
    alarmDescription: spec.description,
    namespace: spec.namespace,
    metricName: spec.metricName,
    dimensions: { ...spec.dimensions },
    ...(spec.statistic === undefined ? {} : { statistic: spec.statistic }),
    ...(spec.extendedStatistic === undefined ? {} : { extendedStatistic: spec.extendedStatistic }),
    period: spec.periodSeconds,
    evaluationPeriods: spec.evaluationPeriods,
    datapointsToAlarm: spec.datapointsToAlarm,
    threshold: spec.threshold,
    comparisonOperator: spec.comparisonOperator,
    treatMissingData: spec.treatMissingData,
    ...(spec.warmUpMinutes === undefined
      ? {}
      : {
          warmUpConfiguration: {
            warmUpPeriodDurationInMinutes: spec.warmUpMinutes,
            onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
          },
        }),
    ...(topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] }),
  };
}
