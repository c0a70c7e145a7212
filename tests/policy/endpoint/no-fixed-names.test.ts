import { noFixedNames } from "../../../policy/endpoint/no-fixed-names";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const MODEL = "aws:sagemaker/model:Model";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE_MODEL = "aws-native:sagemaker:Model";
const NATIVE_CONFIGURATION = "aws-native:sagemaker:EndpointConfig";
const says = (name: string) =>
  new RegExp(`is "${name}", a fixed name: a change deletes the resource.* Leave the name out`);

describeRuleWithUnknowns(noFixedNames, {
  pass: [
    { title: "an empty name, which is none", type: MODEL, props: { name: "" } },
    { title: "a model without a name", type: MODEL, props: {} },
    {
      title: "the name that the provider has filled in",
      type: MODEL,
      name: "breeds-model",
      props: { name: "breeds-model-6d9c18b" },
    },
    {
      title: "the name that the other provider has filled in",
      type: NATIVE_CONFIGURATION,
      name: "breeds",
      props: { endpointConfigName: "breeds-0000000" },
    },
    { title: "a prefix", type: CONFIGURATION, props: { namePrefix: "breeds-" } },
    { title: "a hash of the content", type: CONFIGURATION, props: { name: "breeds-1233c53f52660016" } },
    {
      title: "a name by the project's own autonaming pattern",
      type: MODEL,
      props: { name: "acme-breeds-31" },
      settings: { generated: ["^acme-[a-z]+-\\d+$"] },
    },
  ],
  violate: [
    { title: "a fixed name of a model", type: MODEL, props: { name: "breeds" }, says: says("breeds") },
    {
      title: "a name of its resource, as autonaming makes it when it is switched to verbatim",
      type: CONFIGURATION,
      name: "breeds-config",
      props: { name: "breeds-config" },
      says: says("breeds-config"),
    },
    {
      title: "seven digits behind the name of another resource",
      type: MODEL,
      name: "breeds",
      props: { name: "cats-6d9c18b" },
      says: says("cats-6d9c18b"),
    },
    { title: "a date", type: MODEL, props: { name: "breeds-20260615" }, says: says("breeds-20260615") },
    {
      title: "a word of a to f",
      type: MODEL,
      props: { name: "breeds-facaded" },
      says: says("breeds-facaded"),
    },
    {
      title: "a model of aws-native",
      type: NATIVE_MODEL,
      props: { modelName: "breeds" },
      says: says("breeds"),
    },
    {
      title: "a configuration of aws-native",
      type: NATIVE_CONFIGURATION,
      props: { endpointConfigName: "breeds" },
      says: /endpointConfigName is "breeds"/,
    },
  ],
});
