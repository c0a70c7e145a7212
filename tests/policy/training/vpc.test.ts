import { vpc } from "../../../policy/training/vpc";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

const vpcConfig = { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] };

describeRuleWithUnknowns(vpc, {
  pass: [
    { title: "a job in a VPC", type: TRAINING, props: { vpcConfig } },
    { title: "trials in a VPC", type: TUNING, props: { trainingJobDefinition: { vpcConfig } } },
  ],
  violate: [
    {
      title: "a subnet that is empty",
      type: TRAINING,
      props: { vpcConfig: { ...vpcConfig, subnets: ["subnet-1", ""] } },
      says: /vpcConfig\.subnets names no subnet/,
    },
    {
      title: "a job without security groups",
      type: TRAINING,
      props: { vpcConfig: { ...vpcConfig, securityGroupIds: [] } },
      says: /vpcConfig\.securityGroupIds names no security group, so the job is not in a VPC/,
    },
    {
      title: "a job outside every VPC",
      type: TRAINING,
      props: {},
      says: /vpcConfig\.subnets names no subnet/,
    },
    {
      title: "trials outside every VPC",
      type: TUNING,
      props: { trainingJobDefinition: {} },
      says: /trainingJobDefinition\.vpcConfig\.subnets names no subnet/,
    },
  ],
});
