import { uuid } from "./simulated-account";
import type { NamedType, SimulatedType, SimulationContext } from "./simulated-types";

const byName: NamedType = { property: "name" };

const alarm: SimulatedType = {
  autoName: byName,
  outputs: (of) => ({ id: of.text("name"), arn: of.arn("cloudwatch", `alarm:${of.text("name")}`) }),
};

/** Functions, alarms, queues, scaling, parameters, schedules, budgets. */
export const operationsTypes: Readonly<Record<string, SimulatedType>> = {
  "aws:lambda/function:Function": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => {
      const arn = of.arn("lambda", `function:${of.text("name")}`);
      const qualifiedArn = `${arn}:1`;
      return {
        id: of.text("name"),
        arn,
        version: "1",
        qualifiedArn,
        invokeArn: lambdaInvokeArn(of, arn),
        qualifiedInvokeArn: lambdaInvokeArn(of, qualifiedArn),
      };
    },
  },
  "aws:lambda/alias:Alias": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.arn("lambda", `function:${functionName(of)}:${of.text("name")}`);
      return { id: arn, arn, invokeArn: lambdaInvokeArn(of, arn) };
    },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    outputs: (of) => {
      const urlId = of.hex(32);
      return {
        id: of.has("qualifier") ? `${functionName(of)}/${of.text("qualifier")}` : functionName(of),
        urlId,
        functionArn: of.arn("lambda", `function:${functionName(of)}`),
        functionUrl: `https://${urlId}.lambda-url.${of.region}.on.aws/`,
      };
    },
  },
  "aws:lambda/permission:Permission": {
    autoName: { property: "statementId" },
    outputs: (of) => ({ id: of.text("statementId") }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    autoName: byName,
    outputs: (of) => ({ id: of.text("name"), arn: of.arn("logs", `log-group:${of.text("name")}`) }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    outputs: (of) => ({
      id: of.text("alarmName"),
      arn: of.arn("cloudwatch", `alarm:${of.text("alarmName")}`),
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    outputs: (of) => ({
      id: of.text("dashboardName"),
      dashboardArn: of.globalArn("cloudwatch", `dashboard/${of.text("dashboardName")}`),
    }),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => ({ id: of.text("name"), arn: of.arn("events", `rule/${of.text("name")}`) }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    autoName: { property: "targetId" },
    outputs: (of) => ({ id: `${of.text("rule")}-${of.text("targetId")}` }),
  },
  "aws:sns/topic:Topic": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.arn("sns", of.text("name"));
      return { id: arn, arn, owner: of.accountId };
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": { outputs: (of) => ({ id: of.text("arn") }) },
  "aws:sns/topicSubscription:TopicSubscription": {
    outputs: (of) => {
      const arn = `${of.text("topic")}:${uuid(of.urn)}`;
      return { id: arn, arn };
    },
  },
  "aws:sqs/queue:Queue": {
    autoName: { property: "name", maxLength: 80 },
    outputs: (of) => {
      const url = `https://sqs.${of.region}.${of.dnsSuffix}/${of.accountId}/${of.text("name")}`;
      return { id: url, url, arn: of.arn("sqs", of.text("name")) };
    },
  },
  "aws:appautoscaling/target:Target": {
    outputs: (of) => ({
      id: of.text("resourceId"),
      arn: of.arn("application-autoscaling", `scalable-target/${of.hex(36)}`),
    }),
  },
  "aws:appautoscaling/policy:Policy": {
    autoName: byName,
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn(
        "autoscaling",
        `scalingPolicy:${uuid(of.urn)}:resource/${of.text("serviceNamespace")}/${of.text("resourceId")}:policyName/${of.text("name")}`,
      ),
    }),
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    autoName: byName,
    outputs: (of) => ({
      id: `${of.text("name")}-${of.text("serviceNamespace")}-${of.text("resourceId")}`,
      arn: of.arn("autoscaling", `scheduledAction:${uuid(of.urn)}:scheduledActionName/${of.text("name")}`),
    }),
  },
  "aws:ssm/parameter:Parameter": {
    autoName: byName,
    outputs: (of) => {
      const name = of.text("name");
      return {
        id: name,
        arn: of.arn("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
        version: 1,
      };
    },
  },
  "aws:scheduler/schedule:Schedule": {
    autoName: { property: "name", maxLength: 64 },
    outputs: (of) => {
      const group = of.has("groupName") ? of.text("groupName") : "default";
      return {
        id: `${group}/${of.text("name")}`,
        arn: of.arn("scheduler", `schedule/${group}/${of.text("name")}`),
      };
    },
  },
  "aws:budgets/budget:Budget": {
    autoName: byName,
    outputs: (of) => ({
      id: `${of.accountId}:${of.text("name")}`,
      accountId: of.accountId,
      arn: of.globalArn("budgets", `budget/${of.text("name")}`),
    }),
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.globalArn("ce", `anomalymonitor/${uuid(of.urn)}`);
      return { id: arn, arn };
    },
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    autoName: byName,
    outputs: (of) => {
      const arn = of.globalArn("ce", `anomalysubscription/${uuid(of.urn)}`);
      return { id: arn, arn, accountId: of.accountId };
    },
  },
  "aws:ecr/repository:Repository": {
    autoName: { property: "name", lowerCase: true },
    outputs: (of) => ({
      id: of.text("name"),
      arn: of.arn("ecr", `repository/${of.text("name")}`),
      registryId: of.accountId,
      repositoryUrl: `${of.accountId}.dkr.ecr.${of.region}.${of.dnsSuffix}/${of.text("name")}`,
    }),
  },
};

function lambdaInvokeArn(of: SimulationContext, functionArn: string): string {
  return `arn:${of.partition}:apigateway:${of.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** Lambda properties take a function's name or its ARN. */
function functionName(of: SimulationContext): string {
  const given = of.text("functionName");
  return given.startsWith("arn:") ? (given.split(":")[6] ?? given) : given;
}
