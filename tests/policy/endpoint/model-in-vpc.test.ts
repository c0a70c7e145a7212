import { modelInVpc } from "../../../policy/endpoint/model-in-vpc";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const MODEL = "aws:sagemaker/model:Model";
const NATIVE = "aws-native:sagemaker:Model";

describeRuleWithUnknowns(modelInVpc, {
  pass: [
    {
      title: "a model with subnets and security groups",
      type: MODEL,
      props: { vpcConfig: { subnets: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] } },
    },
    {
      title: "one of aws-native",
      type: NATIVE,
      props: { vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } },
    },
  ],
  violate: [
    {
      title: "a model without security groups",
      type: MODEL,
      props: { vpcConfig: { subnets: ["subnet-1"], securityGroupIds: [] } },
      says: /vpcConfig\.securityGroupIds names no security group/,
    },
    {
      title: "a model outside every VPC",
      type: MODEL,
      props: {},
      says: /vpcConfig\.subnets names no subnet, so the model is not in a VPC.*A serverless endpoint takes no VPC/,
    },
    {
      title: "an empty subnet of aws-native",
      type: NATIVE,
      props: { vpcConfig: { subnets: ["subnet-1", ""], securityGroupIds: ["sg-1"] } },
      says: /vpcConfig\.subnets names no subnet/,
    },
  ],
});
