import { maxRuntime } from "../../../policy/training/max-runtime";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const stop = (maxRuntimeInSeconds: unknown, maxWaitTimeInSeconds?: unknown) => ({
  stoppingCondition: { maxRuntimeInSeconds, maxWaitTimeInSeconds },
});
const spot = (runtime: unknown, wait?: unknown) => ({
  enableManagedSpotTraining: true,
  ...stop(runtime, wait),
});

describeRuleWithUnknowns(maxRuntime, {
  pass: [
    { title: "two hours", type: TRAINING, props: stop(7200) },
    { title: "a day, the most by default", type: TRAINING, props: stop(86_400) },
    {
      title: "instances on demand",
      type: TRAINING,
      props: { ...stop(3600), enableManagedSpotTraining: false },
    },
    { title: "a second, the least", type: TRAINING, props: stop(1) },
    {
      title: "spot instances that wait for two days, the most by default",
      type: TRAINING,
      props: spot(3600, 172_800),
    },
    { title: "a number written as text", type: TRAINING, props: stop("3600") },
    { title: "spot instances that wait no longer than they run", type: TRAINING, props: spot(3600, 3600) },
    { title: "trials", type: TUNING, props: { trainingJobDefinition: spot(3600, 7200) } },
    {
      title: "a week where the stack allows it",
      type: TRAINING,
      props: stop(604_800),
      settings: { maximumSeconds: 604_800 },
    },
  ],
  violate: [
    {
      title: "no limit",
      type: TRAINING,
      props: { stoppingCondition: {} },
      says: /stoppingCondition\.maxRuntimeInSeconds is not set, and AWS lets the job run for a day; allowed are 1 to 86400 s/,
    },
    {
      title: "a second above the most",
      type: TRAINING,
      props: stop(86_401),
      says: /is 86401; allowed are 1 to 86400 s/,
    },
    { title: "no time at all", type: TRAINING, props: stop(0), says: /is 0; allowed/ },
    { title: "a limit that is no number", type: TRAINING, props: stop("2h"), says: /is "2h"; allowed/ },
    {
      title: "a limit above the stack's own",
      type: TRAINING,
      props: stop(7201),
      settings: { maximumSeconds: 7200 },
      says: /is 7201; allowed are 1 to 7200 s/,
    },
    {
      title: "spot instances without a limit of waiting",
      type: TRAINING,
      props: spot(3600),
      says: /maxWaitTimeInSeconds is not set on spot instances; allowed are 3600 \(the runtime\) to 172800 s/,
    },
    {
      title: "spot instances that wait a second less than they run",
      type: TRAINING,
      props: spot(3600, 3599),
      says: /maxWaitTimeInSeconds is 3599/,
    },
    {
      title: "spot instances that wait for a week",
      type: TRAINING,
      props: spot(3600, 604_800),
      says: /maxWaitTimeInSeconds is 604800/,
    },
    {
      title: "the second kind of trials",
      type: TUNING,
      props: { trainingJobDefinitions: [stop(3600), {}] },
      says: /trainingJobDefinitions\[1\]\.stoppingCondition\.maxRuntimeInSeconds is not set/,
    },
  ],
});
