import { rolloutAlarms } from "../../../policy/endpoint/rollout-alarms";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const NATIVE = "aws-native:sagemaker:Endpoint";

const canary = (waitIntervalInSeconds: unknown) => ({
  trafficRoutingConfiguration: { type: "CANARY", waitIntervalInSeconds },
});
const alarms = (...names: unknown[]) => ({ alarms: names.map((alarmName) => ({ alarmName })) });
const watched = {
  blueGreenUpdatePolicy: canary(300),
  autoRollbackConfiguration: alarms("latency", "errors"),
};

describeRuleWithUnknowns(rolloutAlarms, {
  pass: [
    { title: "a canary that two alarms watch", type: ENDPOINT, props: { deploymentConfig: watched } },
    {
      title: "a rolling one of aws-native with ten alarms",
      type: NATIVE,
      props: {
        deploymentConfig: {
          rollingUpdatePolicy: { waitIntervalInSeconds: 60 },
          autoRollbackConfiguration: alarms(..."abcdefghij"),
        },
      },
    },
    { title: "an endpoint without a configuration, as serverless ones are", type: ENDPOINT, props: {} },
    {
      title: "a short wait where that is enough",
      type: ENDPOINT,
      props: { deploymentConfig: { ...watched, blueGreenUpdatePolicy: canary(0) } },
      settings: { bakeSeconds: 0 },
    },
  ],
  violate: [
    {
      title: "a rollout without alarms",
      type: ENDPOINT,
      props: { deploymentConfig: { blueGreenUpdatePolicy: canary(300) } },
      says: /deploymentConfig\.autoRollbackConfiguration\.alarms names no alarm, so nothing takes a bad rollout back/,
    },
    {
      title: "an empty list of aws-native",
      type: NATIVE,
      props: { deploymentConfig: { ...watched, autoRollbackConfiguration: alarms() } },
      says: /names no alarm/,
    },
    {
      title: "an alarm without a name",
      type: ENDPOINT,
      props: { deploymentConfig: { ...watched, autoRollbackConfiguration: alarms("latency", "") } },
      says: /has an entry without alarmName/,
    },
    {
      title: "more alarms than AWS takes",
      type: ENDPOINT,
      props: { deploymentConfig: { ...watched, autoRollbackConfiguration: alarms(..."abcdefghijk") } },
      says: /names 11 alarms; AWS takes 10 at most/,
    },
    {
      title: "a wait in which no alarm can ring",
      type: ENDPOINT,
      props: { deploymentConfig: { ...watched, blueGreenUpdatePolicy: canary(59) } },
      says: /waitIntervalInSeconds is 59; alarms need at least 60 s after a step/,
    },
    {
      title: "a rolling step without a wait",
      type: ENDPOINT,
      props: {
        deploymentConfig: {
          rollingUpdatePolicy: { waitIntervalInSeconds: 0 },
          autoRollbackConfiguration: alarms("latency"),
        },
      },
      says: /rollingUpdatePolicy\.waitIntervalInSeconds is 0/,
    },
    {
      title: "no configuration where one is asked for",
      type: ENDPOINT,
      props: {},
      settings: { withoutConfiguration: "deny" },
      says: /deploymentConfig is not set, so a new model gets all traffic unwatched/,
    },
  ],
});
