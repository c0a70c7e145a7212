import { spotCheckpoints } from "../../../policy/training/spot-checkpoints";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const spot = (changes: object) => ({ enableManagedSpotTraining: true, ...changes });
const checkpointConfig = { s3Uri: "s3://out/checkpoints" };

describeRuleWithUnknowns(spotCheckpoints, {
  pass: [
    { title: "spot instances with checkpoints", type: TRAINING, props: spot({ checkpointConfig }) },
    { title: "instances on demand", type: TRAINING, props: { enableManagedSpotTraining: false } },
    { title: "a job that says nothing", type: TRAINING, props: {} },
    {
      title: "trials with checkpoints",
      type: TUNING,
      props: { trainingJobDefinition: spot({ checkpointConfig }) },
    },
  ],
  violate: [
    {
      title: "spot instances without checkpoints",
      type: TRAINING,
      props: spot({}),
      says: /enableManagedSpotTraining is on and checkpointConfig\.s3Uri names no place.*resume from \/opt\/ml\/checkpoints/,
    },
    {
      title: "a place that is empty",
      type: TRAINING,
      props: spot({ checkpointConfig: { s3Uri: "" } }),
      says: /names no place/,
    },
    {
      title: "trials without checkpoints",
      type: TUNING,
      props: { trainingJobDefinition: spot({ enableManagedSpotTraining: "true" }) },
      says: /trainingJobDefinition\.checkpointConfig\.s3Uri names no place/,
    },
  ],
});
