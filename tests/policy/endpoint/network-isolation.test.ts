import { networkIsolation } from "../../../policy/endpoint/network-isolation";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const MODEL = "aws:sagemaker/model:Model";
const NATIVE = "aws-native:sagemaker:Model";

describeRuleWithUnknowns(networkIsolation, {
  pass: [
    { title: "an isolated model", type: MODEL, props: { enableNetworkIsolation: true } },
    {
      title: "one written as text, as YAML programs do",
      type: MODEL,
      props: { enableNetworkIsolation: "true" },
    },
    { title: "one of aws-native", type: NATIVE, props: { enableNetworkIsolation: true } },
  ],
  violate: [
    {
      title: "an open model",
      type: MODEL,
      props: { enableNetworkIsolation: false },
      says: /enableNetworkIsolation is false; only true is allowed\..*A serverless endpoint takes no isolation: exempt its model/,
    },
    {
      title: "a model that says nothing",
      type: MODEL,
      props: {},
      says: /enableNetworkIsolation is not set, and AWS takes false for it/,
    },
    { title: "one of aws-native", type: NATIVE, props: { enableNetworkIsolation: false }, says: /is false/ },
  ],
});
